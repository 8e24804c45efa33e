/**
 * The estimators of Greeks, a row each: what one path says of the price, of its first derivatives, and of its second ones.
 * @see Giles (2008); Pagès, Pironneau and Sall (2016)
 */
import { exp, log, sub } from "../rules/generated/record.js";
import { valueAndGrad } from "../transforms/grad.js";
import { hessian } from "../transforms/jacobian.js";
import type { Estimator, Setting } from "./estimator.js";
import { plus, times } from "./last-step.js";
import { list, matrix, moved, type Parameters } from "./parameters.js";
import { doubleVibrato, vibrato } from "./vibrato.js";
import { watched } from "./watched.js";

/** The discounted payoff as a function of the parameters. */
const valueOf =
  <P extends Parameters>({ model, payoff }: Setting<P>, z: readonly number[]) =>
  (p: P): number =>
    times(model.discount(p), payoff(model.path(p, z), p));

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

/**
 * The payoff times the score of the path's density, and pathwise in what the payoff itself reads of the parameters: the
 * derivatives of q ↦ V(path, q) · density at q / density at p, of a path that is kept as it is.
 */
const likelihoodRatio: Estimator = {
  extra: () => 0,
  sample(setting, z) {
    const { model, payoff, p, names, order } = setting;
    const path = model.path(p, z);
    const weight = (q: typeof p): number => plus(model.logDensity(q, path), log(model.discount(q)));
    const [here, discount] = [weight(p), model.discount(p)];
    const read = new Set<string>();
    const paid = payoff(
      path,
      watched(p, (name) => read.add(name)),
    );
    const value = read.size > 0 ? (q: typeof p) => payoff(path, q) : () => paid;
    const f = (q: typeof p): number => times(discount, value(q), exp(sub(weight(q), here)));
    const [price, first] = valueAndGrad(f)(p as never) as unknown as [number, unknown];
    const second = order === 2 ? matrix(names, hessian(f)(p as never)) : [];
    return { price, first: list(names, first), second, reads: { earlier: false, parameters: read } };
  },
};

export const estimators = { pathwise, differences, likelihoodRatio, vibrato, doubleVibrato } as const;
export type GreeksMethod = keyof typeof estimators;
