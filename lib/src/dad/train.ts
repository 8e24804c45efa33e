/** train: sites that learn one model together. */
import { LivePlace, type Show } from "../display/live.js";
import type { NumberArray } from "../engine/engine.js";
import { OptionError } from "../errors.js";
import { proceed, STOPPED } from "../steering.js";
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import { flatten } from "../tree/tree.js";
import { Books } from "./books.js";
import { SiteFailedError } from "./errors.js";
import { checkIdentical } from "./identical.js";
import { Measured, type MeasureOptions } from "./measured.js";
import { chosenMethod, type MethodChoice } from "./methods/table.js";
import type { Model, Optimiser, Site, Tree } from "./model.js";
import { leafLike } from "./methods/leaves.js";
import type { Participant, RemoteSite } from "./participant.js";
import type { Plan } from "./plan.js";
import { checkRecordOptions, type RecordOptions } from "./record.js";
import { type DadRun, DISPLAY, type Failure, notesOf, runBundle, RunningRun } from "./run.js";
import { type Carry, ofAll, runStep, type StepResult } from "./step.js";
import type { RanksTrace } from "../trace/index.js";
import { isRemote, started } from "./working.js";

export interface Progress {
  /** Counted from 0. */
  readonly step: number;
  /** Mean over the sites that took part, by their share of the rows. */
  readonly loss: number;
}

export interface TrainOptions<P = Tree, B = Tree> {
  /** In this process, or elsewhere: `workerSites` of "cotangent/dad/workers", `kernelSites` of "cotangent/dad/kernels". */
  readonly sites: readonly (Site<P, B> | RemoteSite)[];
  /** Of the sites in this process; of remote sites the form of the parameters, as they come back. */
  readonly model: Model<P, B>;
  readonly method: MethodChoice;
  /** Of the sites in this process; remote ones have their own. */
  readonly optimiser?: Optimiser<P>;
  readonly steps: number;
  /** When a site fails: end the run with an error, or go on without that site ("end"). */
  readonly onFailure?: "end" | "continue";
  /** Check after every step that all sites hold the same parameters, bit for bit (true). */
  readonly checkIdentical?: boolean;
  /** What carries messages; in this process they are handed over as they are. */
  readonly carry?: Carry;
  readonly record?: RecordOptions;
  readonly measure?: MeasureOptions<P>;
  readonly onStep?: (progress: Progress) => void;
  /** Shows the run while it goes on, and the whole at its end: the kernel's `display`. */
  readonly live?: Show;
}

const NAMES = ["sites", "model", "method", "optimiser", "steps", "onFailure", "checkIdentical", "carry", "record", "measure", "onStep", "live"]; // prettier-ignore

const handOver: Carry = (message) => message;

/** How long the run goes on before others are let in, in milliseconds. */
const TURN = 50;

/**
 * Train one model at several sites, which share what `method` says and nothing else. All sites take the same steps, so that
 * they hold the same parameters after every one, to the last bit; that is checked.
 *
 * The methods save bandwidth. They are not methods of privacy: dAD and edAD send the input of the first layer, which is the
 * data; rank-dAD sends combinations of its rows.
 *
 * @returns what was learned, what was sent, and what was recorded
 * @throws SiteMismatchError for sites with different models, naming them
 * @throws SiteFailedError for a site that failed, unless `onFailure` is "continue"; its `run` is what had been done
 * @throws SharingError for a model that the method cannot share
 * @throws UnknownOptionError, OptionError
 * @see Baker, Calhoun, Pearlmutter, Plis (2021), Efficient Distributed Auto-Differentiation
 * @example
 * const site = (name: string, seed: number) => ({
 *   name,
 *   batch: (step: number) => ({ rows: 8, data: randomNormal(philox(seed, step), [8, 6]) }),
 * });
 * const run = await train({
 *   sites: [site("here", 1), site("there", 2)],
 *   // Each row through two numbers and back.
 *   model: {
 *     params: { weight: randomNormal(philox(3), [6, 2]) as Tensor },
 *     loss: ({ weight }, x: Tensor) => x.matmul(weight).matmul(weight.T).sub(x).square().sum(1).mean(),
 *   },
 *   method: { name: "rank-dAD", maxRank: 2 },
 *   optimiser: (params, gradient) => ({ weight: params.weight.sub(gradient.weight.mul(0.01)) }),
 *   steps: 20,
 * });
 * // By two sites in 20 steps: at most 2 components, 6 + 2 numbers each.
 * if (run.ledger.total().up !== 2 * 20 * 2 * (6 + 2) * 4) throw new Error("those are other bytes");
 */
export async function train<P, B>(options: TrainOptions<P, B>): Promise<DadRun<P>> {
  checkOptionNames(options, NAMES, "train");
  const chosen = chosenMethod(options.method);
  const steps = checkCount(options.steps, "steps", 1, 10_000_000);
  const policy = checkChoice(options.onFailure ?? "end", "onFailure", ["end", "continue"]);
  const record = checkRecordOptions(options.record ?? {}, chosen.options);
  // Of any parameters from here on: they are trees.
  const all = options as unknown as TrainOptions;
  const { checkIdentical: isChecked = true, carry = handOver } = all;
  const measured = new Measured<Tree>(all.measure);
  const { isShared } = chosen.method;
  const place = options.live && new LivePlace(options.live);
  if (record.error && all.sites.some(isRemote))
    throw new OptionError("record.error needs the exact gradients, which stay at their sites: leave it out, or train in this process."); // prettier-ignore
  const { sites, isSum } = await started(all.sites, all.model, all.optimiser, chosen);
  let working = sites;
  const books = new Books(chosen, record, working.map(({ name }) => name)); // prettier-ignore
  const failures: Failure[] = [];
  const paramsOf = async (site: Participant): Promise<Tree> =>
    site.inside()?.params ?? treeLike(all.model.params, await site.leaves());
  const finished = async (
    made: number,
    status: RanksTrace["status"],
    ...more: string[]
  ): Promise<DadRun<P>> => {
    const notes = [...notesOf(chosen), ...more];
    const trace = () => books.trace(made, measured.curves(), failures, notes, status);
    const siteParams = (await Promise.all(working.map(paramsOf))) as P[];
    const run: DadRun<P> = {
      params: siteParams[0] as P,
      siteParams,
      sites: working.map(({ name }) => name),
      steps: made,
      failures,
      notes,
      ledger: books.ledger,
      measures: measured.curves(),
      trace,
      [DISPLAY]: () => runBundle(trace, made),
    };
    place?.put(run);
    return run;
  };
  /** A whole step with whoever is left; who fails in it takes part no more. */
  const stepped = async (step: number, plan: Plan | null): Promise<StepResult> => {
    for (;;) {
      try {
        return await runStep(chosen, working, step, plan, isSum, carry);
      } catch (error) {
        if (!(error instanceof SiteFailedError)) throw error;
        failures.push({ site: error.site, step, message: error.message });
        await working.find(({ name }) => name === error.site)?.close();
        working = working.filter(({ name }) => name !== error.site);
        if (policy === "continue" && working.length > 0) continue;
        const remedy =
          working.length === 0 ? "No site is left." : 'Mend it, or go on without it: onFailure: "continue".';
        throw new SiteFailedError(
          error.site,
          step,
          error.cause,
          remedy,
          (await finished(step, "stopped")) as DadRun,
        );
      }
    }
  };

  try {
    if (isShared) await checkIdentical(working, "at the start");
    let plan: Plan | null = null;
    let lastTurn = performance.now();
    for (let step = 0; step < steps; step++) {
      const result = await stepped(step, plan);
      plan = result.plan;
      await ofAll(working, step, (site) => site.commit());
      if (isShared && isChecked) await checkIdentical(working, `after step ${step}`);
      await books.add(step, steps, working, result);
      if (measured.wants(step, steps))
        measured.after(
          step,
          steps,
          await Promise.all((isShared ? working.slice(0, 1) : working).map(paramsOf)),
        );
      if (place?.isDue && step + 1 < steps)
        place.put(
          new RunningRun(books.trace(step + 1, measured.curves(), failures, notesOf(chosen), "running")),
        );
      options.onStep?.({ step, loss: mean(result) });
      if (step + 1 < steps && !proceed()) return await finished(step + 1, "stopped", STOPPED);
      if (performance.now() - lastTurn > TURN) {
        await new Promise((resolve) => setTimeout(resolve));
        lastTurn = performance.now();
      }
    }
    return await finished(steps, "done");
  } finally {
    await Promise.all(working.map((site) => site.close()));
  }
}

/** Numbers from elsewhere in the form of the parameters. */
function treeLike(params: Tree, leaves: readonly NumberArray[]): Tree {
  const flat = flatten(params, "params");
  return flat.rebuild(flat.leaves.map((leaf, i) => leafLike(leaf, leaves[i]!)));
}

function mean({ locals, drawn }: StepResult): number {
  const all = drawn.reduce((sum, { rows }) => sum + rows, 0);
  return locals.reduce((sum, { loss }, s) => sum + (loss * drawn[s]!.rows) / all, 0);
}
