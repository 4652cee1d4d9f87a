import type { EChartsCoreOption } from "echarts/core";
import { toPlot } from "~/lib/decimal";
import { axisAmount, displayMoney } from "~/lib/money";

export type Series = { name: string; values: string[]; tone: number | "other" };

export type ChartData = {
  /** What the chart tells, for people who cannot see it. */
  label: string;
  buckets: string[];
  series: Series[];
  currency: string;
  kind: "bar" | "area" | "line";
  /** Buckets that are still filling: drawn lighter and named so. */
  partial?: boolean[];
};

/** Colours and font as the page's style has them now. */
export type Ink = {
  text: string;
  muted: string;
  line: string;
  surface: string;
  font: string;
  series: string[];
  other: string;
};

export function readInk(element: Element): Ink {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: token("--ink"),
    muted: token("--ink-3"),
    line: token("--line"),
    surface: token("--surface"),
    font: style.fontFamily,
    series: Array.from({ length: 9 }, (_, i) => token(`--series-${i + 1}`)),
    other: token("--series-other"),
  };
}

export function seriesTone(tone: Series["tone"]): string {
  return tone === "other" ? "var(--series-other)" : `var(--series-${(tone % 9) + 1})`;
}

export function chartOption(data: ChartData, ink: Ink): EChartsCoreOption {
  const colour = (tone: Series["tone"]) =>
    tone === "other" ? ink.other : (ink.series[tone % 9] ?? ink.text);
  return {
    animationDuration: 250,
    textStyle: { fontFamily: ink.font, fontSize: 12, color: ink.muted },
    aria: { enabled: true, label: { description: data.label } },
    grid: { left: 4, right: 8, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      trigger: "axis",
      axisPointer: {
        type: data.kind === "bar" ? "shadow" : "line",
        shadowStyle: { color: ink.line, opacity: 0.4 },
      },
      backgroundColor: ink.surface,
      borderColor: ink.line,
      padding: 0,
      textStyle: { color: ink.text, fontSize: 12 },
      confine: true,
      formatter: (points: unknown) => tooltip(data, points),
    },
    xAxis: {
      type: "category",
      data: data.buckets,
      boundaryGap: data.kind === "bar",
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.muted, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      splitNumber: 4,
      axisLabel: { color: ink.muted, formatter: axisAmount },
      splitLine: { lineStyle: { color: ink.line } },
    },
    series: data.series.map((series) => ({
      name: series.name,
      type: data.kind === "bar" ? "bar" : "line",
      stack: data.kind === "line" ? undefined : "all",
      barMaxWidth: 44,
      barCategoryGap: "22%",
      showSymbol: data.buckets.length === 1,
      symbolSize: 5,
      lineStyle: { width: data.kind === "area" ? 1 : 2 },
      areaStyle: data.kind === "area" ? { opacity: 0.75 } : undefined,
      emphasis: { disabled: true },
      color: colour(series.tone),
      data: series.values.map((value, i) => ({
        value: toPlot(value),
        itemStyle: data.kind === "bar" && data.partial?.[i] ? { opacity: 0.45 } : undefined,
      })),
    })),
  };
}

/** The hovered bucket: exact strings from the data, not the floats of the geometry. */
function tooltip(data: ChartData, points: unknown): HTMLElement {
  const index = Array.isArray(points) ? (points[0] as { dataIndex: number }).dataIndex : 0;
  const box = document.createElement("div");
  box.style.cssText = "padding:10px 12px;min-width:180px;max-width:340px";
  const head = document.createElement("div");
  head.style.cssText = "font-weight:600;margin-bottom:4px";
  head.textContent = `${data.buckets[index] ?? ""}${data.partial?.[index] ? " (incomplete)" : ""}`;
  box.append(head);
  for (const series of [...data.series].reverse()) {
    const value = series.values[index];
    if (value === undefined || (toPlot(value) === 0 && data.series.length > 1)) continue;
    box.append(tooltipRow(series, displayMoney(value, data.currency)));
  }
  return box;
}

function tooltipRow(series: Series, amount: string): HTMLElement {
  const row = document.createElement("div");
  row.style.cssText = "display:flex;align-items:center;gap:8px;line-height:1.6";
  const dot = document.createElement("span");
  dot.style.cssText = `width:8px;height:8px;border-radius:2px;flex:none;background:${seriesTone(series.tone)}`;
  const name = document.createElement("span");
  name.style.cssText = "flex:1;overflow:hidden;text-overflow:ellipsis;white-space:nowrap";
  name.textContent = series.name;
  const value = document.createElement("span");
  value.style.cssText = "font-variant-numeric:tabular-nums;font-weight:500";
  value.textContent = amount;
  row.append(dot, name, value);
  return row;
}
