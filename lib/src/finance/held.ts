/** Some of a model's parameters held, so that no derivative by them is taken and no sweep is spent on them. */
import { OptionError } from "../errors.js";
import { nearestWords } from "../spelling.js";
import type { Model, Payoff } from "./model.js";
import type { Parameters } from "./parameters.js";

/** The names that derivatives are asked for, in that order. @throws OptionError for one that is not a parameter, twice, or none */
export function checkAsked<P extends Parameters>(of: readonly (keyof P & string)[], p: P): void {
  const known = Object.keys(p);
  for (const name of of) {
    if (known.includes(name)) continue;
    const [nearest] = nearestWords(name, known, 1);
    const meant = nearest ? `Did you mean "${nearest}"?` : `There are ${known.join(", ")}.`;
    throw new OptionError(`of names "${name}", which is not among the parameters. ${meant}`);
  }
  if (of.length === 0) throw new OptionError("of should name at least one parameter; it is empty.");
  const twice = of.find((name, i) => of.indexOf(name) !== i);
  if (twice !== undefined) throw new OptionError(`of names "${twice}" twice.`);
}

/** The model and the payoff as functions of those parameters alone; the payoff is still given all of them. */
export function withOthersHeld<P extends Parameters>(
  model: Model<P>,
  payoff: Payoff<P>,
  p: P,
  of: readonly (keyof P & string)[],
): { readonly model: Model<P>; readonly payoff: Payoff<P>; readonly p: P } {
  // What is typed P below has only the names in `of`; nobody but `all` and `onDemand` sees it.
  if (of.length === Object.keys(p).length) return { model, payoff, p };
  const all = (q: P): P => ({ ...p, ...q });
  /** The same, so that a parameter counts as read where the payoff itself reads it. */
  const onDemand = (q: P): P => {
    const from: P = { ...p };
    for (const name of of) Object.defineProperty(from, name, { get: () => q[name], enumerable: true });
    return from;
  };
  return {
    model: {
      // One by one: those of a class are not its own.
      name: model.name,
      assets: model.assets,
      steps: model.steps,
      last: (y) => model.last(y),
      check: (q) => model.check(all(q)),
      path: (q, z) => model.path(all(q), z),
      split: (q, z) => model.split(all(q), z),
      logDensity: (q, path) => model.logDensity(all(q), path),
      discount: (q) => model.discount(all(q)),
    },
    payoff: (path, q) => payoff(path, onDemand(q)),
    p: Object.fromEntries(of.map((name) => [name, p[name]])) as unknown as P,
  };
}
