/** How near the paths of a simulation come to a kink, in words. */
import { shortNumber } from "./short-number.js";
import type { TapePathKink, TapePaths } from "./tape.js";

/** As a share of the spread of the margin: the δ that is taken where nobody chose one. */
export const DEFAULT_FRACTION = 0.1;

/** Index of the δ that is taken where nobody chose one; −1 where there is none at all. */
export function defaultFraction({ fractions }: TapePaths): number {
  const found = fractions.indexOf(DEFAULT_FRACTION);
  return found >= 0 ? found : (fractions.length - 1) >> 1;
}

/** "12.5 %" */
export const percent = (count: number, of: number): string =>
  `${Number(((100 * count) / of).toPrecision(3))} %`;

/**
 * "12.5 % of 40 paths within δ = 0.1 σ = 1.9 of it; 35 % below, 65 % above", where σ is the standard deviation of the margin.
 * @param at index into the fractions
 */
export function kinkWords(
  { paths, spread, within, below, above }: TapePathKink,
  { fractions }: TapePaths,
  at: number,
): string {
  const sides = `${percent(below, paths)} below, ${percent(above, paths)} above`;
  const fraction = fractions[at];
  if (fraction === undefined) return `${paths} paths: ${sides}`;
  return `${percent(within[at]!, paths)} of ${paths} paths within δ = ${fraction} σ = ${shortNumber(fraction * spread)} of it; ${sides}`;
}
