import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { Icon } from "~/ui/Icon";

const ACCEPT = ".csv,.gz,.zst,.parquet";

/** Files by drag and drop or by the button; both lead to the same place. */
export function DropZone({
  onFile,
  busy,
  label,
  primary = false,
  children,
  more,
  slim = false,
}: {
  onFile: (file: File) => void;
  busy: boolean;
  label: string;
  primary?: boolean;
  children: ReactNode;
  more?: ReactNode;
  /** Text and button side by side, where there is more on the page. */
  slim?: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !busy) onFile(file);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra for the mouse; the button does the same
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cx(
        "rounded-[10px] border border-dashed p-6 transition-colors",
        slim && "flex flex-wrap items-center justify-between gap-x-8 gap-y-4 py-5",
        over ? "border-accent bg-accent-soft" : "border-line-strong bg-surface",
      )}
    >
      {children}
      <div className={cx("flex flex-wrap items-center gap-3", !slim && "mt-4")}>
        <Button
          variant={primary ? "primary" : "secondary"}
          size={primary && !slim ? "lg" : "md"}
          busy={busy}
          onClick={() => input.current?.click()}
        >
          <Icon name="upload" />
          {busy ? "Starting…" : label}
        </Button>
        {more}
        <span className="text-[13px] text-ink-3">{over ? "Let go to upload" : "or drop a file here"}</span>
      </div>
      <input
        ref={input}
        type="file"
        accept={ACCEPT}
        hidden
        aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
