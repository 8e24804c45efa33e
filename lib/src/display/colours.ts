/** The colours of the pictures: one place, so that the same quantity has the same colour everywhere. */

/**
 * Attention weight, from none to the most: seventeen stops whose CIE lightness falls evenly from 98.5 to 16, from
 * mint through teal and blue to indigo, so that equal steps look equal, in grey and to colour-blind eyes too. It is
 * the light scale of the interactive view.
 */
export const sequentialStops = [
  "#f9fbfa",
  "#dcf1e9",
  "#bfe6dc",
  "#a2dad1",
  "#86cec9",
  "#6cc1c5",
  "#55b3c1",
  "#42a4be",
  "#3595b9",
  "#2e85b3",
  "#2c76aa",
  "#2d679e",
  "#2f5890",
  "#2e4a7f",
  "#2b3d6c",
  "#263159",
  "#202646",
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

/** Of things that are told apart: distinguishable by colour-blind readers, and in grey (Okabe & Ito, 2008). */
export const categorical = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#7f7f7f",
] as const;

/** Everything that is not a quantity. */
export const ink = {
  paper: "#ffffff",
  text: "#1f2328",
  quiet: "#59636e",
  frame: "#b6bec8",
  grid: "#e4e8ec",
  token: "#7fb9cf",
  curve: "#2f5890",
  tolerance: "#8a5a00",
  good: "#1a6b34",
  bad: "#b3261e",
  hatch: "#c83e14",
  hatchPaper: "#fde9e0",
} as const;
