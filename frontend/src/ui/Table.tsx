import type { ReactNode } from "react";
import { cx } from "./cx";
import { ScrollRegion } from "./ScrollRegion";

export type Column = { label: string; end?: boolean; hidden?: boolean };

/** A list of things with columns. On a narrow screen every row is a card. */
export function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: Column[];
  children: ReactNode;
}) {
  return (
    <ScrollRegion label={label} className="card">
      <table className="stacked w-full">
        <thead>
          <tr className="border-b border-line text-[13px] text-ink-3 *:px-4 *:py-2.5 *:font-medium">
            {columns.map((column) => (
              <th key={column.label} scope="col" className={column.end ? "text-end" : "text-start"}>
                {column.hidden ? <span className="sr-only">{column.label}</span> : column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollRegion>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return (
    <tr className="border-b border-line align-top last:border-0 *:px-4 *:py-3 hover:bg-sunken/60">
      {children}
    </tr>
  );
}

/** What the row is about. */
export function RowHead({ children, note }: { children: ReactNode; note?: ReactNode }) {
  return (
    <th scope="row" className="max-w-80 text-start font-medium break-words">
      {children}
      {note && <span className="block text-[13px] font-normal text-ink-3">{note}</span>}
    </th>
  );
}

export function Cell({ label, end, children }: { label?: string; end?: boolean; children?: ReactNode }) {
  return (
    <td data-label={label} className={cx(end && "md:text-end")}>
      {children}
    </td>
  );
}
