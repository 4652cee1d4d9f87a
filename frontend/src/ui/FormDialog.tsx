import { type ReactNode, useId } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { ErrorState } from "./States";

/** A question with an answer to send: what went wrong is said in it, and it stays open. */
export function FormDialog({
  open,
  onClose,
  title,
  action,
  busy,
  danger = false,
  disabled = false,
  wide = false,
  cancel = "Cancel",
  error,
  retry,
  onSubmit,
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What the button does, idle and busy. */
  action: [string, string];
  busy: boolean;
  danger?: boolean;
  disabled?: boolean;
  wide?: boolean;
  cancel?: string;
  error?: unknown;
  /** Offered beside the error, where there is something to do about it. */
  retry?: (() => void) | false;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const form = useId();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      wide={wide}
      actions={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button
            type="submit"
            form={form}
            variant={danger ? "danger" : "primary"}
            busy={busy}
            disabled={disabled}
          >
            {busy ? action[1] : action[0]}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {error ? <ErrorState error={error} {...(retry && { retry })} /> : null}
      </form>
    </Dialog>
  );
}
