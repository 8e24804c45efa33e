/** What is written at the ceilings: their height, and what sets them. */
import { shortNumber } from "cotangent/trace";
import type { Look } from "./look.js";
import type { RanksModel } from "./model.js";

export interface LayerCeiling {
  readonly layer: number;
  readonly colour: string;
  /** NaN where it is not known. */
  readonly ceiling: number;
}

/** What keeps a layer's rank down: the rows of its factors, or one of its widths. */
export function ceilingReason({ trace }: RanksModel, layer: number, ceiling: number): string {
  const { inputs, outputs, hasBias } = trace.layers[layer]!;
  if (ceiling === outputs) return "outputs";
  if (ceiling === inputs + (hasBias ? 1 : 0)) return hasBias ? "inputs and bias" : "inputs";
  return "rows of the batch";
}

/** Ceilings nearer to each other than this share of the axis share a label. */
const TOGETHER = 0.05;

export function ceilingLabels(
  model: RanksModel,
  lines: readonly LayerCeiling[],
  top: number,
  look: Look,
): object[] {
  const known = lines.filter(({ ceiling }) => Number.isFinite(ceiling)).sort((a, b) => a.ceiling - b.ceiling);
  const groups: LayerCeiling[][] = [];
  for (const line of known) {
    const group = groups.at(-1);
    const shown = Math.min(line.ceiling, top);
    if (group && shown - Math.min(group[0]!.ceiling, top) <= TOGETHER * top) group.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => {
    const isAbove = group[0]!.ceiling > top;
    const words = [...new Set(group.map(({ layer, ceiling }) => `${shortNumber(ceiling)} (${ceilingReason(model, layer, ceiling)})`))]; // prettier-ignore
    const shown = words.length > 3 ? [...words.slice(0, 2), `${words.length - 2} more`] : words;
    return {
      xref: "paper",
      yref: isAbove ? "paper" : "y",
      x: 1,
      xanchor: "right",
      y: isAbove ? 1 : group.at(-1)!.ceiling,
      yanchor: isAbove ? "top" : "bottom",
      text: `${isAbove ? "↑ " : ""}ceiling ${shown.join(", ")}`,
      showarrow: false,
      xshift: -8,
      yshift: isAbove ? 0 : 2,
      borderpad: 1,
      // A line that crosses the label does not strike it out.
      bgcolor: `rgba(${look.page.join()},0.72)`,
      font: { size: 11, color: group.length === 1 ? group[0]!.colour : look.faint },
    };
  });
}
