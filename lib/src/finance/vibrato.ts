/**
 * Vibrato: the path is differentiated up to the mean and the factor of its last step, and the step by its score.
 * @see Giles (2008); Pagès, Pironneau and Sall (2016)
 */
import { div } from "../rules/generated/record.js";
import { grad } from "../transforms/grad.js";
import { hessian, jacobian } from "../transforms/jacobian.js";
import { jvp } from "../transforms/jvp.js";
import type { Estimator, Reads, Setting } from "./estimator.js";
import { dot, dotOfFactors, firstOrder, type LastStep, type LastStepEstimate, plus, reached, relative, secondOrderWeights, times, vibrate, type Vibration } from "./last-step.js"; // prettier-ignore
import { fromList, list, matrix, type Parameters } from "./parameters.js";
import { watched } from "./watched.js";

/** All that the model makes of the parameters and of the normals before the last step. */
type Split = LastStep & { readonly before: readonly number[]; readonly discount: number };

const splitter =
  <P extends Parameters>({ model }: Setting<P>, z: readonly number[]) =>
  (q: P): Split => {
    const { before, mean, factor } = model.split(q, z);
    return { before, mean, factor, discount: model.discount(q) };
  };

/** The draws of the last step, each of one normal for each asset. */
const drawsOf = <P extends Parameters>({ model }: Setting<P>, extra: readonly number[]): number[][] =>
  Array.from({ length: extra.length / model.assets }, (_, k) =>
    extra.slice(k * model.assets, (k + 1) * model.assets),
  );

const extra = ({ model, replicas }: Setting<Parameters>): number => replicas * model.assets;

/** The last step's estimates at p as numbers, and what the payoff read beside the last date. */
function estimated<P extends Parameters>(
  { model, payoff, p }: Setting<P>,
  { before, ...step }: Split,
  draws: readonly (readonly number[])[],
): {
  readonly vibrations: readonly Vibration[];
  readonly estimate: LastStepEstimate;
  readonly reads: Reads;
} {
  const reads = { earlier: false, parameters: new Set<string>() };
  const parameters = watched(p, (name) => reads.parameters.add(name));
  const isEarlier = (key: string) => Number(key) < before.length;
  const value = (y: readonly number[]): number => {
    const path = watched([...before, ...model.last(y)], (key) => (reads.earlier ||= isEarlier(key)));
    return payoff(path, parameters);
  };
  const { price, vibrations } = vibrate(value, step, draws);
  return { vibrations, estimate: firstOrder(step, price, vibrations), reads };
}

/**
 * Its mean over the draws as a function of what came before and of the parameters, with the ends held: what the payoff
 * owes to earlier dates, and to parameters that it reads itself.
 */
function meanBeside<P extends Parameters>(
  { model, payoff }: Setting<P>,
  step: LastStep,
  draws: readonly (readonly number[])[],
): (before: readonly number[], q: P) => number {
  const ends = draws.flatMap((z) =>
    [z, z.map((each) => -each)].map((each) => model.last(reached(step, each))),
  );
  return (before, q) =>
    div(plus(...ends.map((end) => payoff([...before, ...end], q))), ends.length) as number;
}

/** What has the gradient of the estimate, by one sweep: the estimates stand as constants in it. */
const surrogate = (at: Split, estimate: LastStepEstimate, discount: number): number =>
  plus(
    times(at.discount, estimate.price),
    times(discount, plus(dot(at.mean, estimate.byMean), dotOfFactors(at.factor, estimate.byFactor))),
  );

/**
 * First order by the score of the last step, for any payoff of the last date, and pathwise in what else it reads; second order by
 * differentiating that program (VAD), for payoffs without jumps.
 */
export const vibrato: Estimator = {
  extra,
  sample(setting, z, normals) {
    const { model, payoff, p, names, order } = setting;
    const draws = drawsOf(setting, normals);
    const split = splitter(setting, z);
    const here = split(p);
    const { estimate, reads } = estimated(setting, here, draws);
    const isOfMore = reads.earlier || reads.parameters.size > 0;
    /** The price's derivative along a direction of the parameters, as a function of them. */
    const along =
      (direction: Parameters) =>
      (q: typeof p): number => {
        const [at, by] = jvp(split as never, [q] as never, [direction] as never) as unknown as Split[];
        const { price, vibrations } = vibrate(
          (y) => payoff([...at!.before, ...model.last(y)], q),
          at!,
          draws,
        );
        const { byMean, byFactor } = firstOrder(at!, price, vibrations);
        const last = plus(dot(by!.mean, byMean), dotOfFactors(by!.factor, byFactor));
        return plus(
          times(by!.discount, price),
          times(at!.discount, plus(last, beside(at!, by!, q, direction))),
        );
      };
    const beside = (at: Split, by: Split, q: typeof p, direction: Parameters): number => {
      if (!isOfMore) return 0;
      const mean = meanBeside(setting, at, draws);
      return (jvp(mean as never, [at.before, q] as never, [by.before, direction] as never) as unknown as number[])[1]!; // prettier-ignore
    };
    const unit = (name: string): Parameters =>
      fromList(names, names.map((other) => (other === name ? 1 : 0))); // prettier-ignore
    const more = isOfMore ? meanBeside(setting, here, draws) : () => 0;
    const gradient = grad((q: typeof p) => {
      const at = split(q);
      return plus(surrogate(at, estimate, here.discount), times(here.discount, more(at.before, q)));
    });
    const rows = order === 2 ? names.map((name) => list(names, grad(along(unit(name)))(p as never))) : [];
    // By a parameter that the payoff alone reads there is no score to differentiate: the other row knows the mixed derivative.
    const isRead = names.map((name) => reads.parameters.has(name));
    return {
      price: here.discount * estimate.price,
      first: list(names, gradient(p as never)),
      reads,
      second: rows.map((row, i) => row.map((value, j) => (isRead[i] && !isRead[j] ? rows[j]![i]! : value))),
    };
  },
};

/** Double Vibrato: both derivatives of the last step by its score, so that payoffs may jump; of the last date alone. */
export const doubleVibrato: Estimator = {
  extra,
  sample(setting, z, normals) {
    const { p, names, order } = setting;
    const draws = drawsOf(setting, normals);
    const split = splitter(setting, z);
    const here = split(p);
    const { vibrations, estimate, reads } = estimated(setting, here, draws);
    const standIn = (q: typeof p): number => surrogate(split(q), estimate, here.discount);
    const first = list(names, grad(standIn)(p as never));
    const found = { price: here.discount * estimate.price, first, reads };
    if (order === 1) return { ...found, second: [] };
    // The second derivatives of μ, C and the discount come with the stand-in; what is left is products of first ones.
    const curvature = matrix(names, hessian(standIn)(p as never));
    const by = derivativesOf(setting as never, split as never, here);
    const relatives = by.map((each) => relative(here, each));
    const weights = vibrations.map((each) => ({ ...each, at: secondOrderWeights(relatives, each.z) }));
    const last = by.map((each) => dot(each.mean, estimate.byMean) + dotOfFactors(each.factor, estimate.byFactor)); // prettier-ignore
    const second = names.map((_, i) =>
      names.map((_, j) => {
        const density = weights.reduce((sum, { even, odd, at }) => sum + even * at(i, j).even + odd * at(i, j).odd, 0) / draws.length; // prettier-ignore
        const discount = by[i]!.discount * last[j]! + by[j]!.discount * last[i]!;
        return curvature[i]![j]! + discount + here.discount * density;
      }),
    );
    return { ...found, second };
  },
};

/** The derivatives of the split by each parameter. */
function derivativesOf(
  { p, names }: Setting<Parameters>,
  split: (q: Parameters) => Split,
  { mean, factor }: Split,
): (LastStep & { readonly discount: number })[] {
  const flat = (q: Parameters): number[] => {
    const at = split(q);
    return [at.discount, ...at.mean, ...at.factor.flat()];
  };
  const rows = (jacobian(flat as never)(p as never) as unknown as unknown[]).map((row) => list(names, row));
  const d = mean.length;
  return names.map((_, k) => {
    const of = rows.map((row) => row[k]!);
    let next = 1 + d;
    return {
      discount: of[0]!,
      mean: of.slice(1, 1 + d),
      factor: factor.map((row) => row.map(() => of[next++]!)),
    };
  });
}
