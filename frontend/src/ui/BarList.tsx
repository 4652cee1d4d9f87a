import { Link } from "react-router";
import { percentOf, toPlot } from "~/lib/decimal";
import { Amount } from "./Amount";

export type BarItem = { key: string; name: string; note?: string | undefined; value: string; to: string };

/** Ranked costs as rows with a bar; each leads on to its details. */
export function BarList({
  label,
  items,
  total,
  currency,
}: {
  label: string;
  items: BarItem[];
  total: string;
  currency: string;
}) {
  const largest = Math.max(...items.map((item) => Math.abs(toPlot(item.value))), 0);
  return (
    <ol aria-label={label} className="-mx-2">
      {items.map((item) => {
        const share = percentOf(item.value, total, 0);
        const width = largest > 0 ? Math.max((toPlot(item.value) / largest) * 100, 0) : 0;
        return (
          <li key={item.key}>
            <Link to={item.to} className="group block rounded-md px-2 py-1.5 hover:bg-sunken">
              <span className="flex items-baseline justify-between gap-3">
                <span
                  className="min-w-0 truncate"
                  title={item.note ? `${item.name} (${item.note})` : item.name}
                >
                  <span className="group-hover:text-accent group-hover:underline">{item.name}</span>
                  {item.note && <span className="ms-2 text-xs text-ink-3">{item.note}</span>}
                </span>
                <span className="flex items-baseline gap-2">
                  <Amount value={item.value} currency={currency} />
                  <span className="w-9 text-end text-xs text-ink-3">
                    {share === null ? "" : `${share} %`}
                  </span>
                </span>
              </span>
              <span aria-hidden="true" className="mt-1 block h-1 rounded-full bg-sunken">
                <span className="block h-1 rounded-full bg-series-1" style={{ width: `${width}%` }} />
              </span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
