import { useRef, useState } from "react";
import { Button } from "./Button";
import { inputClass } from "./Field";
import { Icon } from "./Icon";

/** Something to take along. Where the browser forbids copying, it is selected for the person to do it. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const copy = async () => {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      setCopied(document.execCommand("copy"));
    }
  };
  return (
    <div className="flex flex-wrap gap-2">
      <input
        ref={input}
        readOnly
        aria-label={label}
        value={value}
        spellCheck={false}
        onFocus={(event) => event.target.select()}
        className={`${inputClass} h-9 min-w-0 flex-1 basis-52 font-mono text-[13px]`}
      />
      <Button onClick={copy}>
        <Icon name={copied ? "check" : "copy"} />
        {copied ? "Copied" : "Copy"}
      </Button>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </div>
  );
}
