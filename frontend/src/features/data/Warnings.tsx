import type { Upload } from "~/api/types";
import { displayCount } from "~/lib/money";

export function Warnings({ upload }: { upload: Upload }) {
  return (
    <ul className="divide-y divide-line">
      {upload.warnings.map(({ rule, detail, count, first }) => (
        <li key={rule + detail} className="py-2.5 first:pt-0 last:pb-0">
          <p>
            {detail}{" "}
            <span className="text-ink-3">({count === 1 ? "once" : `${displayCount(count)} times`})</span>
          </p>
          <p className="font-mono text-xs text-ink-3">
            {[
              rule,
              first && `first in ${first.file}`,
              first?.row != null && `row ${displayCount(first.row)}`,
              first?.column && `column ${first.column}`,
            ]
              .filter(Boolean)
              .join(", ")}
          </p>
        </li>
      ))}
    </ul>
  );
}
