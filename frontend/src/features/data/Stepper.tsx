import type { Upload } from "~/api/types";
import { sizeLabel } from "~/lib/dates";
import { percentOf } from "~/lib/decimal";
import { cx } from "~/ui/cx";
import { Icon } from "~/ui/Icon";
import { STEPS, type StepState, statusText, stepState } from "./steps";
import { type Transfer, useTransfer } from "./transfer";

/** What happens to a file, step by step. Changes are read out without moving the focus. */
export function Stepper({ upload }: { upload: Upload }) {
  const transfer = useTransfer(upload.id);
  return (
    <div>
      <ol aria-label="Progress" className="grid gap-y-3 sm:grid-cols-5">
        {STEPS.map((name, i) => {
          const state = stepState(upload, i);
          return (
            <li
              key={name}
              aria-current={state === "current" ? "step" : undefined}
              className="relative flex gap-3 sm:block"
            >
              {i > 0 && (
                <span
                  aria-hidden="true"
                  className={cx(
                    "absolute hidden h-0.5 sm:-start-1/2 sm:top-3 sm:ms-4 sm:me-4 sm:block sm:w-[calc(100%-2rem)]",
                    state === "waiting" ? "bg-line" : "bg-accent-fill",
                  )}
                />
              )}
              <Marker state={state} number={i + 1} />
              <span className="block min-w-0 sm:mt-2 sm:px-1 sm:text-center">
                <span
                  className={cx(
                    "font-medium",
                    state === "waiting" && "text-ink-3",
                    state === "failed" && "text-bad",
                  )}
                >
                  {name}
                </span>
                <span className="block text-[13px] text-ink-3">{note(upload, i, state, transfer)}</span>
              </span>
            </li>
          );
        })}
      </ol>
      {transfer?.state === "sending" && <TransferBar transfer={transfer} />}
      <p aria-live="polite" className="sr-only">
        {upload.fileName}: {statusText(upload)}
      </p>
    </div>
  );
}

function Marker({ state, number }: { state: StepState; number: number }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        "relative grid size-6 shrink-0 place-items-center rounded-full text-xs font-semibold sm:mx-auto",
        state === "done" && "bg-accent-fill text-on-accent",
        state === "current" && "bg-surface text-accent ring-2 ring-accent",
        state === "waiting" && "bg-sunken text-ink-3",
        state === "failed" && "bg-bad-fill text-on-accent",
      )}
    >
      {state === "done" && <Icon name="check" />}
      {state === "failed" && <Icon name="close" />}
      {state === "current" && <span className="size-2.5 animate-pulse rounded-full bg-accent-fill" />}
      {state === "waiting" && number}
    </span>
  );
}

function note(upload: Upload, step: number, state: StepState, transfer: Transfer | undefined): string {
  if (state === "failed") return upload.stage === "expired" ? "The file never came" : "Stopped here";
  if (state === "waiting") return "";
  if (step === 0) return state === "done" ? sizeLabel(upload.sizeBytes) : sending(transfer);
  if (step === 1 && upload.rows) return `${upload.rows.read.toLocaleString("en")} rows`;
  if (step === 2 && upload.stage === "needs-confirmation") return "Waiting for your decision";
  return state === "current" ? "At work" : "";
}

function sending(transfer: Transfer | undefined): string {
  if (!transfer) return "Not here yet";
  if (transfer.state === "sent") return "Arrived";
  return transfer.state === "failed" ? "Not sent" : `${share(transfer)} % sent`;
}

function share({ sent, file }: Transfer): string {
  return percentOf(String(sent), String(file.size), 0) ?? "100";
}

function TransferBar({ transfer }: { transfer: Transfer }) {
  const percent = share(transfer);
  return (
    <div
      role="progressbar"
      aria-label={`Sending ${transfer.file.name}`}
      aria-valuenow={Number(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="mt-4 h-1.5 overflow-hidden rounded-full bg-sunken"
    >
      <div
        className="h-full rounded-full bg-accent-fill transition-[width]"
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
