/**
 * The estimators of Greeks, a row each: what one path says of the price, of its first derivatives, and of its second ones.
 * @see Giles (2008); Pagès, Pironneau and Sall (2016)
 */
import { add, div, log, mul, sub } from "../rules/generated/record.js";
import type { Scalar } from "../ad/recorded.js";
import { grad, valueAndGrad } from "../transforms/grad.js";
import { hessian, jacobian } from "../transforms/jacobian.js";
import { jvp } from "../transforms/jvp.js";
import type { Model, Payoff } from "./model.js";
import { fromList, moved, type Parameters } from "./parameters.js";

/** What one path says. */
export interface Sample {
  readonly price: number;
  readonly first: readonly number[];
  /** Row-major; empty where no second derivatives are asked for. */
  readonly second: readonly (readonly number[])[];
}

export interface Setting<P extends Parameters> {
  readonly model: Model<P>;
  readonly payoff: Payoff<P>;
  readonly p: P;
  readonly names: readonly string[];
  readonly order: 1 | 2;
  /** Of finite differences, relative to the parameter. */
  readonly bump: number;
  /** Draws of the last normal for each path, of Vibrato. */
  readonly replicas: number;
}

export interface Estimator {
  /** Normals beyond the path's own that a sample needs. */
  extra(setting: Setting<Parameters>): number;
  sample<P extends Parameters>(setting: Setting<P>, z: readonly number[], extra: readonly number[]): Sample;
}

type Num = number;
const times = (...x: readonly Scalar[]): Num => x.reduce((a, b) => mul(a, b)) as Num;
const plus = (...x: readonly Scalar[]): Num => x.reduce((a, b) => add(a, b)) as Num;

/** The discounted payoff as a function of the parameters. */
const valueOf =
  <P extends Parameters>({ model, payoff }: Setting<P>, z: readonly number[]) =>
  (p: P): number =>
    times(model.discount(p), payoff(model.path(p, z), p));

const list = (names: readonly string[], tree: unknown): number[] =>
  names.map((name) => (tree as Parameters)[name]!);
const matrix = (names: readonly string[], tree: unknown): number[][] =>
  names.map((name) => list(names, (tree as Readonly<Record<string, unknown>>)[name]));

/** V̄ through the path: exact where the payoff has no jumps; its second order misses every kink. */
const pathwise: Estimator = {
  extra: () => 0,
  sample(setting, z) {
    const f = valueOf(setting, z);
    const [price, first] = valueAndGrad(f)(setting.p as never) as unknown as [number, unknown];
    const second = setting.order === 2 ? matrix(setting.names, hessian(f)(setting.p as never)) : [];
    return { price, first: list(setting.names, first), second };
  },
};

/** Central differences, with the same normals on both sides. */
const differences: Estimator = {
  extra: () => 0,
  sample(setting, z) {
    const { p, names, bump, order } = setting;
    const f = valueOf(setting, z);
    const step = (name: string) => bump * Math.max(Math.abs(p[name]!), 1e-2);
    const at = (by: Parameters) => f(moved(p, by));
    const price = f(p);
    const first = names.map(
      (name) => (at({ [name]: step(name) }) - at({ [name]: -step(name) })) / (2 * step(name)),
    );
    const cross = (a: string, b: string): number => {
      const [h, k] = [step(a), step(b)];
      if (a === b) return (at({ [a]: h }) - 2 * price + at({ [a]: -h })) / (h * h);
      return (
        (at({ [a]: h, [b]: k }) -
          at({ [a]: h, [b]: -k }) -
          at({ [a]: -h, [b]: k }) +
          at({ [a]: -h, [b]: -k })) /
        (4 * h * k)
      );
    };
    return { price, first, second: order === 2 ? names.map((a) => names.map((b) => cross(a, b))) : [] };
  },
};

/** The payoff times the score of the path's density: for any payoff that is a function of the path alone. */
const likelihoodRatio: Estimator = {
  extra: () => 0,
  sample(setting, z) {
    const { model, payoff, p, names, order } = setting;
    const path = model.path(p, z);
    const weight = (q: typeof p): number => plus(model.logDensity(q, path), log(model.discount(q)));
    const price = times(model.discount(p), payoff(path, p));
    const score = list(names, grad(weight)(p as never));
    const first = score.map((s) => price * s);
    if (order === 1) return { price, first, second: [] };
    const curvature = matrix(names, hessian(weight)(p as never));
    return {
      price,
      first,
      second: curvature.map((row, i) => row.map((c, j) => price * (c + score[i]! * score[j]!))),
    };
  },
};

/** Antithetic estimates of ∂φ/∂μ and ∂φ/∂σ̂ from draws of the last normal; φ(μ, σ̂) = E V(μ + σ̂Z). */
function lastStep(
  value: (y: Num) => Num,
  mean: Num,
  deviation: Num,
  draws: readonly number[],
): { readonly price: Num; readonly byMean: Num; readonly byDeviation: Num } {
  let [price, byMean, byDeviation]: [Num, Num, Num] = [0, 0, 0];
  const middle = value(mean);
  for (const z of draws) {
    const [up, down] = [value(plus(mean, times(deviation, z))), value(plus(mean, times(deviation, -z)))];
    price = plus(price, times(plus(up, down), 0.5));
    byMean = plus(byMean, times(sub(up, down), z / 2));
    byDeviation = plus(byDeviation, times(sub(plus(up, down), times(2, middle)), (z * z - 1) / 2));
  }
  const n = draws.length;
  return { price: div(price, n) as Num, byMean: div(byMean, times(n, deviation)) as Num, byDeviation: div(byDeviation, times(n, deviation)) as Num }; // prettier-ignore
}

/**
 * Vibrato: the path is differentiated up to the mean and the deviation of its last step, and the step by its score. Of second order
 * by differentiating that program (VAD), for payoffs without jumps.
 */
const vibrato: Estimator = {
  extra: ({ replicas }) => replicas,
  sample(setting, z, draws) {
    const { model, payoff, p, names, order } = setting;
    /** The price's derivative along a direction of the parameters, as a function of them. */
    const along =
      (direction: Parameters) =>
      (q: typeof p): number => {
        const split = (q: typeof p) => {
          const { before, mean, deviation } = model.split(q, z);
          return { before, mean, deviation, discount: model.discount(q) };
        };
        const [at, dot] = jvp(split as never, [q] as never, [direction] as never) as unknown as ReturnType<
          typeof split
        >[];
        const value = (y: Num): Num => payoff([...at!.before, model.last(y)], q);
        const { price, byMean, byDeviation } = lastStep(value, at!.mean, at!.deviation, draws);
        return plus(times(dot!.discount, price), times(at!.discount, plus(times(dot!.mean, byMean), times(dot!.deviation, byDeviation), earlier(at!.before, dot!.before, at!, q)))); // prettier-ignore
      };
    const endsOf = (mean: Num, deviation: Num): Num[] =>
      draws.flatMap((draw) => [draw, -draw].map((d) => model.last(plus(mean, times(deviation, d)))));
    const meanOf = (values: readonly Num[]): Num => div(plus(...values), values.length) as Num;
    /** What the payoff owes to earlier values of the path, pathwise, averaged over the draws. */
    const earlier = (
      before: readonly number[],
      dots: readonly number[],
      at: { mean: number; deviation: number },
      q: typeof p,
    ): Num => {
      if (before.length === 1) return 0;
      const ends = endsOf(at.mean, at.deviation);
      const mean = (before: readonly number[]): Num => meanOf(ends.map((end) => payoff([...before, end], q)));
      return (jvp(mean as never, [before] as never, [dots] as never) as unknown as [Num, Num])[1];
    };
    const unit = (name: string): Parameters =>
      fromList(
        names,
        names.map((other) => (other === name ? 1 : 0)),
      );
    const { before, mean, deviation } = model.split(p, z);
    const plain = lastStep((y) => payoff([...before, model.last(y)], p), mean, deviation, draws);
    const [discount, ends] = [model.discount(p), endsOf(mean, deviation)];
    /** What has the gradient of the estimate, by one sweep: the estimates stand as constants in it. */
    const surrogate = (q: typeof p): number => {
      const at = model.split(q, z);
      const last = plus(times(at.mean, plain.byMean), times(at.deviation, plain.byDeviation));
      const early = before.length > 1 ? meanOf(ends.map((end) => payoff([...at.before, end], q))) : 0;
      return plus(times(model.discount(q), plain.price), times(discount, plus(last, early)));
    };
    return {
      price: times(discount, plain.price),
      first: list(names, grad(surrogate)(p as never)),
      second: order === 2 ? names.map((name) => list(names, grad(along(unit(name)))(p as never))) : [],
    };
  },
};

/** Weights of the second derivatives of φ(μ, σ̂): by μμ, μσ̂ and σ̂σ̂. */
export const scorePolynomials = {
  first: (z: number) => z,
  second: (z: number) => z * z - 1,
  third: (z: number) => z ** 3 - 3 * z,
  fourth: (z: number) => z ** 4 - 5 * z * z + 2,
} as const;

/** Double Vibrato: both derivatives of the last step by its score, so that payoffs may jump. */
const doubleVibrato: Estimator = {
  extra: ({ replicas }) => replicas,
  sample(setting, z, draws) {
    const { model, payoff, p, names, order } = setting;
    const split = (q: typeof p): number[] => {
      const { mean, deviation } = model.split(q, z);
      return [mean, deviation, model.discount(q)];
    };
    const { before, mean, deviation } = model.split(p, z);
    const jacobians = (jacobian(split as never)(p as never) as unknown as unknown[]).map((row) =>
      list(names, row),
    );
    const [mu, sigma, disc] = jacobians as [number[], number[], number[]];
    const value = (y: number): number => payoff([...before, model.last(y)], p);
    const middle = value(mean);
    const moments = { price: 0, m: 0, s: 0, mm: 0, ms: 0, ss: 0 };
    for (const draw of draws) {
      const [up, down] = [value(mean + deviation * draw), value(mean - deviation * draw)];
      const [even, odd] = [(up - 2 * middle + down) / 2, (up - down) / 2];
      moments.price += (up + down) / 2 / draws.length;
      moments.m += (odd * draw) / deviation / draws.length;
      moments.s += (even * scorePolynomials.second(draw)) / deviation / draws.length;
      moments.mm += (even * scorePolynomials.second(draw)) / deviation ** 2 / draws.length;
      moments.ms += (odd * scorePolynomials.third(draw)) / deviation ** 2 / draws.length;
      moments.ss += (even * scorePolynomials.fourth(draw)) / deviation ** 2 / draws.length;
    }
    const discount = model.discount(p);
    const byLast = (i: number): number => mu[i]! * moments.m + sigma[i]! * moments.s;
    const first = names.map((_, i) => disc[i]! * moments.price + discount * byLast(i));
    if (order === 1) return { price: discount * moments.price, first, second: [] };
    const twice = jacobian(jacobian(split as never) as never)(p as never) as unknown as unknown[];
    const [muH, sigmaH, discH] = twice.map((of) => matrix(names, of)) as [number[][], number[][], number[][]];
    const second = names.map((_, i) =>
      names.map((_, j) => {
        const last =
          muH[i]![j]! * moments.m + sigmaH[i]![j]! * moments.s + mu[i]! * mu[j]! * moments.mm +
          sigma[i]! * sigma[j]! * moments.ss + (mu[i]! * sigma[j]! + mu[j]! * sigma[i]!) * moments.ms; // prettier-ignore
        return discH[i]![j]! * moments.price + disc[i]! * byLast(j) + disc[j]! * byLast(i) + discount * last;
      }),
    );
    return { price: discount * moments.price, first, second };
  },
};

export const estimators = { pathwise, differences, likelihoodRatio, vibrato, doubleVibrato } as const;
export type GreeksMethod = keyof typeof estimators;
