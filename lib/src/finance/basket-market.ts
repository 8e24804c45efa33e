/** The parameters of a basket by name: for each asset a spot and a volatility, and correlations where they should have a Greek. */
import { OptionError } from "../errors.js";
import { checkCorrelation, choleskyOf, isSingular } from "./correlation.js";
import { checkParameters, type Parameters } from "./parameters.js";

/**
 * Assets are counted from 1: spot1, volatility1, spot2, volatility2, … A correlation that stands here, as correlation1_2, takes
 * the place of the model's own, and has a Greek.
 */
export type BasketMarket = Parameters & { readonly rate: number; readonly maturity: number } & {
  readonly [K in `spot${number}` | `volatility${number}`]: number;
};

export interface BasketValues {
  /** [d] */
  readonly spots: readonly number[];
  /** [d] */
  readonly volatilities: readonly number[];
  readonly rate: number;
  readonly maturity: number;
  /** [d, d] — a parameter, and so a Greek, for each pair */
  readonly correlation?: readonly (readonly number[])[];
}

/** What the correlation of two assets is called, from 0, i < j. */
const correlationName = (i: number, j: number): string => `correlation${i + 1}_${j + 1}`;

const pairsOf = (assets: number): (readonly [number, number])[] =>
  Array.from({ length: assets }, (_, j) => Array.from({ length: j }, (_, i) => [i, j] as const)).flat();

/**
 * Lists as the parameters that `greeks` takes: a Greek for each.
 * @throws OptionError where the lists have different lengths, or for correlations that cannot be
 */
export function basketMarket({
  spots,
  volatilities,
  rate,
  maturity,
  correlation,
}: BasketValues): BasketMarket {
  if (spots.length !== volatilities.length)
    throw new OptionError(
      `There are ${spots.length} spots and ${volatilities.length} volatilities; each asset needs one of each.`,
    );
  if (correlation) checkCorrelation(correlation, spots.length);
  const named = (name: string, list: readonly number[]) => list.map((value, i) => [`${name}${i + 1}`, value]);
  return Object.fromEntries([
    ...named("spot", spots),
    ...named("volatility", volatilities),
    ["rate", rate],
    ["maturity", maturity],
    ...pairsOf(correlation ? spots.length : 0).map(([i, j]) => [correlationName(i, j), correlation![i]![j]!]),
  ]) as BasketMarket;
}

/** The correlations: a parameter where there is one, else the model's own. */
export function correlationsOf(
  p: Parameters,
  own: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  return own.map((row, i) =>
    row.map((rho, j) => (i === j ? rho : (p[correlationName(Math.min(i, j), Math.max(i, j))] ?? rho))),
  );
}

export const hasCorrelations = (p: Parameters): boolean =>
  Object.keys(p).some((name) => name.startsWith("correlation"));

/**
 * Those parameters and no asset beyond them.
 * @throws OptionError naming the parameter that is missing, too many or out of range
 */
export function checkMarket(p: BasketMarket, own: readonly (readonly number[])[]): void {
  const assets = own.length;
  const names = ["spot", "volatility"].flatMap((name) => own.map((_, i) => `${name}${i + 1}`));
  checkParameters(p, [...names, "maturity"], "basket");
  const correlations = pairsOf(assets).map(([i, j]) => correlationName(i, j));
  const stranger = Object.keys(p).find(
    (name) => /^(spot|volatility|correlation)\d/.test(name) && ![...names, ...correlations].includes(name),
  );
  if (stranger !== undefined)
    throw new OptionError(
      `There is a parameter ${stranger}, but the basket has ${assets} asset${assets === 1 ? "" : "s"}` +
        (stranger.startsWith("correlation") ? ", and a correlation names the lower one first." : "."),
    );
  if (!("rate" in p)) throw new OptionError("basket needs the parameter rate.");
  if (!hasCorrelations(p)) return;
  for (const name of correlations)
    if (Math.abs(p[name] ?? 0) > 1)
      throw new OptionError(`${name} should lie within −1 and 1; got ${p[name]}.`);
  if (isSingular(choleskyOf(correlationsOf(p, own))))
    throw new OptionError(
      "The correlations have no inverse, so there is no derivative by them. Give them to basket, not as parameters.",
    );
}
