/** A Plotly figure as the MIME bundle that Plotly's renderers know. */
import type { Json } from "../../../core/message.js";

/** What plotly.js takes: traces, and how they are laid out. */
export interface PlotlyFigure {
  readonly data: readonly object[];
  readonly layout?: object;
  readonly config?: object;
  readonly frames?: readonly object[];
}

const MIME = "application/vnd.plotly.v1+json";

/** JSON has no typed arrays, no NaN and no infinity; Plotly leaves a gap where a value is null. */
function toJson(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (typeof value === "bigint") return Number(value);
  return value;
}

function summary({ data }: PlotlyFigure): string {
  const kinds = [...new Set(data.map((trace) => String((trace as { type?: unknown }).type ?? "scatter")))];
  return `Plotly figure: ${data.length} ${data.length === 1 ? "trace" : "traces"} (${kinds.join(", ")})`;
}

/** @throws TypeError when `figure` has no list of traces */
export function plotlyBundle(figure: PlotlyFigure): Json {
  // It comes from user code, whatever its type says.
  const data = (figure as Partial<PlotlyFigure> | null)?.data;
  if (!Array.isArray(data))
    throw new TypeError("display.plotly takes a figure: { data: [trace, …], layout: { … } }.");
  const { layout = {}, config, frames } = figure;
  const value = JSON.parse(JSON.stringify({ data, layout, config, frames }, toJson)) as Json;
  return { [MIME]: value, "text/plain": summary(figure) };
}
