/** greeks: a price by Monte Carlo with all its first derivatives, and the second ones, each with its standard error. */
import { primalOf, Recorded, type Scalar } from "../ad/recorded.js";
import { OptionError } from "../errors.js";
import { checkChoice, checkCount, checkOptionNames, checkPositive } from "../options.js";
import { philox } from "../random/philox.js";
import type { Setting } from "./estimator.js";
import { estimators, type GreeksMethod } from "./estimators.js";
import { checkAsked, withOthersHeld } from "./held.js";
import type { Model, Payoff } from "./model.js";
import { notesOn } from "./notes.js";
import { fromList, type Parameters } from "./parameters.js";

/** A payoff that gave no number. */
export class PayoffError extends Error {
  override readonly name = "PayoffError";
}

export interface GreeksOptions<K extends string = string> {
  /**
   * - "pathwise" (the default): adjoint through the path; exact for payoffs without jumps, blind to kinks in second order.
   * - "differences": central, with common random numbers.
   * - "likelihoodRatio": payoff times score; for any payoff, with a large variance.
   * - "vibrato": pathwise to the last step and its score there; second order by differentiating that (VAD), without jumps.
   * - "doubleVibrato": the last step by its score in both orders, so that the payoff may jump; of the path's last value alone.
   */
  readonly method?: GreeksMethod;
  /** 10,000 when not given. */
  readonly paths?: number;
  readonly seed?: number;
  /** 2 for second derivatives as well; 1 when not given. */
  readonly order?: 1 | 2;
  /** The parameters to differentiate by, the others being held: each costs a sweep in second order. All when not given. */
  readonly of?: readonly K[];
  /** Of finite differences, relative to the parameter (0.01). */
  readonly bump?: number;
  /** Draws of the last step for each path, of Vibrato (1). */
  readonly replicas?: number;
}

/** A mean over paths. */
export interface Estimate {
  readonly value: number;
  /** Of the mean. */
  readonly standardError: number;
}

export interface Greeks<P extends Parameters> {
  readonly method: GreeksMethod;
  readonly paths: number;
  readonly price: Estimate;
  /** ∂price/∂parameter, by name. */
  readonly first: { readonly [K in keyof P]: Estimate };
  /** ∂²price/∂parameter∂parameter, by both names; null where it was not asked for. */
  readonly second: { readonly [K in keyof P]: { readonly [L in keyof P]: Estimate } } | null;
  /** How often the payoff was evaluated, derivatives not counted. */
  readonly evaluations: number;
  /** What a reader of the numbers should know. */
  readonly notes: readonly string[];
  toString(): string;
}

/** Means and variances of several numbers at once. @see Welford (1962) */
class Moments {
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #count = 0;

  constructor(length: number) {
    this.#mean = new Float64Array(length);
    this.#square = new Float64Array(length);
  }

  add(values: readonly number[]): void {
    this.#count++;
    values.forEach((x, i) => {
      const delta = x - this.#mean[i]!;
      this.#mean[i]! += delta / this.#count;
      this.#square[i]! += delta * (x - this.#mean[i]!);
    });
  }

  at(i: number): Estimate {
    const variance = this.#count > 1 ? this.#square[i]! / (this.#count - 1) : NaN;
    return { value: this.#mean[i]!, standardError: Math.sqrt(variance / this.#count) };
  }
}

/**
 * Price a payoff under a model, with all its sensitivities to the model's parameters.
 *
 * @param payoff what a path pays at maturity: ordinary code under "use ad", or one of `call`, `put`, `digital`, `asianCall`
 * @param p the model's parameters, in the units of its docstring
 * @throws OptionError for options or parameters that cannot be; PayoffError naming the path whose payoff is no number
 * @example
 * const market = { spot: 120, rate: 0.05, volatility: 0.2, maturity: 1 };
 * const { price, first } = greeks(gbm(), call(100), market, { paths: 4000, seed: 1 });
 * if (Math.abs(price.value - 26.17) > 4 * price.standardError) throw new Error(String(price.value));
 * if (Math.abs(first.spot.value - 0.89) > 0.05) throw new Error(String(first.spot.value));
 */
export function greeks<P extends Parameters, K extends keyof P & string = keyof P & string>(
  model: Model<P>,
  payoff: Payoff<P>,
  p: P,
  options: GreeksOptions<K> = {},
): Greeks<Pick<P, K>> {
  checkOptionNames(options, ["method", "paths", "seed", "order", "of", "bump", "replicas"], "greeks");
  const method = checkChoice(
    options.method ?? "pathwise",
    "method",
    Object.keys(estimators) as GreeksMethod[],
  );
  const paths = checkCount(options.paths ?? 10_000, "paths", 2, 1e9);
  const order = options.order ?? 1;
  if (order !== 1 && order !== 2) throw new OptionError(`order should be 1 or 2; got ${String(order)}.`);
  const of = options.of ?? (Object.keys(p) as K[]);
  model.check(p);
  if (options.of) checkAsked(of, p);
  const held = withOthersHeld(model, payoff, p, of);
  let evaluations = 0;
  let path = 0;
  const reads = { earlier: false, parameters: new Set<string>() };
  const counted: Payoff<P> = (values, parameters) => {
    evaluations++;
    const paid = held.payoff(values, parameters);
    const isScalar = typeof paid === "number" || (paid as unknown) instanceof Recorded;
    if (!isScalar || Number.isNaN(primalOf(paid as Scalar)))
      throw new PayoffError(
        `The payoff of path ${path} is ${String(paid)}. The path ends at ${String(values.at(-1))}.`,
      );
    return paid;
  };
  const setting: Setting<P> = {
    ...held, payoff: counted, names: of, order,
    bump: checkPositive(options.bump ?? 0.01, "bump"),
    replicas: checkCount(options.replicas ?? 1, "replicas", 1, 100_000),
  }; // prettier-ignore
  const estimator = estimators[method];
  const extra = estimator.extra(setting as unknown as Setting<Parameters>);
  const stream = philox(options.seed ?? 0);
  const moments = new Moments(1 + of.length + (order === 2 ? of.length ** 2 : 0));
  for (path = 0; path < paths; path++) {
    const z = Array.from(stream.normals(model.steps + extra));
    const sample = estimator.sample(setting, z.slice(0, model.steps), z.slice(model.steps));
    reads.earlier ||= sample.reads?.earlier ?? false;
    sample.reads?.parameters.forEach((name) => reads.parameters.add(name));
    moments.add([sample.price, ...sample.first, ...sample.second.flat()]);
  }
  const k = of.length;
  const row = (at: number) => fromList(of, of.map((_, i) => moments.at(at + i))); // prettier-ignore
  return resultOf({
    method,
    paths,
    price: moments.at(0),
    first: row(1) as never,
    second: order === 2 ? (fromList(of, of.map((_, i) => row(1 + k + i * k))) as never) : null,
    evaluations,
    notes: notesOn({ ...setting, payoff: held.payoff }, method, reads),
  }); // prettier-ignore
}

const digits = (x: number): string => (Number.isFinite(x) ? Number(x.toPrecision(6)).toString() : String(x));
const estimateText = ({ value, standardError }: Estimate): string =>
  `${digits(value)} ± ${Number(standardError.toPrecision(2))}`;

function resultOf<P extends Parameters>(found: Omit<Greeks<P>, "toString">): Greeks<P> {
  const first = Object.entries(found.first) as [string, Estimate][];
  const second =
    found.second === null
      ? []
      : (Object.entries(found.second) as [string, Readonly<Record<string, Estimate>>][]);
  const lines = [
    `${found.method}, ${found.paths} paths, ${found.evaluations} payoffs; value ± standard error`,
    `  price                    ${estimateText(found.price)}`,
    ...first.map(([name, estimate]) => `  ∂/∂${name.padEnd(21)} ${estimateText(estimate)}`),
    ...second.flatMap(
      ([a, row], i) =>
      Object.entries(row).slice(i).map(([b, estimate]) => `  ∂²/∂${a}∂${b}`.padEnd(27) + estimateText(estimate)), // prettier-ignore
    ),
    ...found.notes.map((note) => `  ! ${note}`),
  ];
  return { ...found, toString: () => lines.join("\n") };
}
