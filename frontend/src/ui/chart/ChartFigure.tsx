import { useState } from "react";
import { Amount } from "../Amount";
import { Button } from "../Button";
import { Chart } from "./Chart";
import type { ChartData } from "./option";

/** A chart with its numbers one click away, and always there for screen readers. */
export function ChartFigure({ data, height }: { data: ChartData; height?: number }) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure>
      {!asTable && <Chart data={data} height={height} />}
      <div
        className={asTable ? "max-h-80 overflow-auto" : "sr-only"}
        {...(asTable ? { tabIndex: 0, role: "region", "aria-label": data.label } : {})}
      >
        <table className="w-full text-[13px]">
          <caption className="sr-only">{data.label}</caption>
          <thead>
            <tr className="border-b border-line text-ink-3">
              <th scope="col" className="py-1.5 pe-4 text-start font-medium">
                When
              </th>
              {data.series.map((series) => (
                <th key={series.name} scope="col" className="py-1.5 ps-4 text-end font-medium">
                  {series.name} ({data.currency})
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.buckets.map((bucket, i) => (
              <tr key={bucket} className="border-b border-line last:border-0">
                <th scope="row" className="py-1.5 pe-4 text-start font-normal">
                  {bucket}
                  {data.partial?.[i] && <span className="text-ink-3"> (incomplete)</span>}
                </th>
                {data.series.map((series) => (
                  <td key={series.name} className="py-1.5 ps-4 text-end">
                    <Amount value={series.values[i] ?? "0"} currency={data.currency} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption className="mt-2 flex flex-wrap items-center justify-between gap-2 text-xs text-ink-3">
        <span>
          {data.partial?.some(Boolean)
            ? "Lighter bars are incomplete: the provider is still adding to them."
            : ""}
        </span>
        <Button variant="quiet" size="sm" onClick={() => setAsTable(!asTable)}>
          {asTable ? "Show chart" : "Show as table"}
        </Button>
      </figcaption>
    </figure>
  );
}
