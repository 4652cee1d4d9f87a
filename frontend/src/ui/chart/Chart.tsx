import type { ECharts } from "echarts/core";
import { useEffect, useRef } from "react";
import { useTheme } from "~/lib/theme";
import { type ChartData, chartOption, readInk } from "./option";

/** Draws costs over time. Always shown beside a table with the same numbers. */
export function Chart({ data, height = 280 }: { data: ChartData; height?: number }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  const theme = useTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read
  useEffect(() => {
    let gone = false;
    import("./echarts").then(({ init }) => {
      if (gone || !box.current) return;
      chart.current ??= init(box.current, null, { renderer: "svg" });
      chart.current.setOption(chartOption(data, readInk(box.current)), { notMerge: true });
    });
    return () => {
      gone = true;
    };
  }, [data, theme]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => chart.current?.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current?.dispose();
      chart.current = undefined;
    };
  }, []);

  return <div ref={box} role="img" aria-label={data.label} style={{ height }} className="w-full min-w-0" />;
}
