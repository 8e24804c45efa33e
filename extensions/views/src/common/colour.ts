/** The sequential colour scale: lightness rises (or falls) in even steps, so it also reads in grey and to the colour-blind. */
import { hcl, interpolateBasis, rgb } from "d3";

export type Scheme = "light" | "dark";

/** Red, green, blue, 0…255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Entries of a table; more than the 8 bits of a channel can tell apart. */
export const LUT_SIZE = 512;

/** From dark to bright: indigo, blue, teal, mint. Warm colours stay free for what is not a value. */
const hue = interpolateBasis([284, 278, 262, 236, 204, 180, 168]);
/** The end that stands for no weight is nearly grey, so that it is ground, not colour. */
const chroma = {
  light: interpolateBasis([22, 34, 38, 34, 30, 20, 1]),
  dark: interpolateBasis([1, 26, 38, 36, 34, 26, 8]),
} as const;

/** CIE lightness of the two ends; the low end meets the page. */
const LIGHTNESS = { light: [98.5, 16], dark: [8.5, 96] } as const;

/** One colour of the scale, `t` from 0 (no weight) to 1 (most weight). */
export function sequential(scheme: Scheme, t: number): Rgb {
  const [low, high] = LIGHTNESS[scheme];
  const lightness = low + (high - low) * t;
  const along = scheme === "light" ? 1 - t : t;
  const { r, g, b } = rgb(hcl(hue(along), chroma[scheme](along), lightness)).clamp();
  return [Math.round(r), Math.round(g), Math.round(b)];
}

/** A colour as ImageData holds it in a little-endian Uint32. */
export const pack = ([r, g, b]: Rgb): number => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** The whole scale, for `rasterise`. */
export function colourTable(scheme: Scheme): Uint32Array {
  return Uint32Array.from({ length: LUT_SIZE }, (_, i) => pack(sequential(scheme, i / (LUT_SIZE - 1))));
}

/** What is not a number: warm, so like no value of the scale, and hatched, so also in grey. */
export const NOT_A_NUMBER: Readonly<Record<Scheme, { readonly ground: Rgb; readonly line: Rgb }>> = {
  light: { ground: [253, 233, 224], line: [200, 62, 20] },
  dark: { ground: [66, 26, 14], line: [255, 145, 102] },
};

export const css = ([r, g, b]: Rgb): string => `rgb(${r}, ${g}, ${b})`;
