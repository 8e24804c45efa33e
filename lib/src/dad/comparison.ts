/** Several runs of one problem, to be seen beside each other: what each reached, and what it sent for that. */
import { OptionError } from "../errors.js";
import { comparisonFigure } from "../display/comparison-figure.js";
import { curveOf, type RanksCurve, type RanksTrace } from "../trace/index.js";
import { type DadRun, DISPLAY, ranksBundle } from "./run.js";

/** The result of `compareRuns`. */
export interface Comparison {
  /** One for each run, in the order of their names. */
  readonly curves: readonly RanksCurve[];
  /** The trace of the run that is shown in full, with the curves of the others. */
  readonly trace: () => RanksTrace;
  /** What a Jupyter kernel shows. */
  readonly [DISPLAY]: () => Record<string, unknown>;
}

/** Characters of a name in a trace. */
const NAME_LENGTH = 256;

/**
 * Put runs of the same problem beside each other. The first whose effective ranks are known is shown in full.
 *
 * @param runs by the names that they should have in the picture
 * @param measure which of the things that they all measured; the first one when not given
 * @throws OptionError for fewer than two runs, and for a run that did not measure it
 * @throws SharingError for a run that made no step
 */
export function compareRuns(runs: Readonly<Record<string, DadRun<unknown>>>, measure?: string): Comparison {
  const all = Object.entries(runs).map(([name, run]) => ({
    name: name.slice(0, NAME_LENGTH),
    trace: run.trace(),
  }));
  if (all.length < 2)
    throw new OptionError(
      `compareRuns needs two runs or more, by name; got ${all.length}: { "dSGD": run, "rank-dAD": other }.`,
    );
  const wanted = measure ?? all[0]!.trace.measures[0]?.name;
  const curves = all.map(({ name, trace }) => {
    const found = trace.measures.find((each) => each.name === wanted);
    if (!found)
      throw new OptionError(
        `The run "${name}" did not measure ${wanted === undefined ? "anything" : `"${wanted}"`}. Give each the same measure: { of: (params) => ({ accuracy: … }) }.`,
      );
    return curveOf(trace, found, name);
  });
  const main = Math.max(
    0,
    all.findIndex(({ trace }) => trace.effectiveRank.some(Number.isFinite)),
  );
  const trace = (): RanksTrace => {
    const { name, trace: own } = all[main]!;
    // What is compared comes first.
    const measures = own.measures.toSorted((a, b) => Number(b.name === wanted) - Number(a.name === wanted));
    return { ...own, method: { ...own.method, name }, measures, others: curves.filter((_, i) => i !== main) };
  };
  const bundle = () => ranksBundle(trace(), comparisonFigure(curves));
  return { curves, trace, [DISPLAY]: bundle };
}
