/** The colours of the pictures: one place, so that the same quantity has the same colour everywhere. */

/**
 * Attention weight, from none to the most: one hue, nine stops whose OKLab lightness falls evenly from 0.975 to
 * 0.26, so that equal steps look equal, in grey and to colour-blind eyes too.
 */
export const sequentialStops = [
  "#f3f7fa",
  "#c3ddf2",
  "#94c2ea",
  "#6ba6df",
  "#4888d0",
  "#306bb9",
  "#254f97",
  "#1f376e",
  "#172243",
] as const;

const channels = sequentialStops.map((stop) => [1, 3, 5].map((at) => parseInt(stop.slice(at, at + 2), 16)));

/** The colour of t in [0, 1]; outside it is clamped. */
export function sequential(t: number): string {
  const at = Math.min(1, Math.max(0, t)) * (channels.length - 1);
  const below = Math.min(channels.length - 2, Math.floor(at));
  const mixed = channels[below]!.map((from, c) =>
    Math.round(from + (at - below) * (channels[below + 1]![c]! - from)),
  );
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** Everything that is not a quantity. */
export const ink = {
  paper: "#ffffff",
  text: "#1f2328",
  quiet: "#59636e",
  frame: "#b6bec8",
  grid: "#e4e8ec",
  token: "#94c2ea",
  curve: "#254f97",
  tolerance: "#8a5a00",
  good: "#1a6b34",
  bad: "#b3261e",
  hatch: "#b3261e",
  hatchPaper: "#fbeceb",
} as const;
