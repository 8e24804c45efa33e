/** train: sites that learn one model together, in this process. */
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import { OptionError } from "../errors.js";
import { flatten } from "../tree/tree.js";
import { Books } from "./books.js";
import { SiteFailedError, SiteMismatchError } from "./errors.js";
import { checkIdentical } from "./identical.js";
import { chosenMethod, type ChosenMethod, type MethodChoice } from "./methods/table.js";
import { Measured, type MeasureOptions } from "./measured.js";
import type { Batch, Model, Optimiser, Site, Tree } from "./model.js";
import { checkSameParameters, described, flatParameters, type Plan } from "./plan.js";
import { checkRecordOptions, type RecordOptions } from "./record.js";
import { type DadRun, type Failure, notesOf } from "./run.js";
import { type Carry, runStep, type StepResult } from "./step.js";

export interface Progress {
  /** Counted from 0. */
  readonly step: number;
  /** Mean over the sites that took part, by their share of the rows. */
  readonly loss: number;
}

export interface TrainOptions<P = Tree, B = Tree> {
  readonly sites: readonly Site<P, B>[];
  readonly model: Model<P, B>;
  readonly method: MethodChoice;
  readonly optimiser: Optimiser<P>;
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
}

const NAMES = ["sites", "model", "method", "optimiser", "steps", "onFailure", "checkIdentical", "carry", "record", "measure", "onStep"]; // prettier-ignore

/** A site with what it holds. */
interface Working {
  readonly index: number;
  readonly site: Site;
  readonly name: string;
  readonly model: Model;
  readonly params: Tree;
  readonly optimiserState: unknown;
  readonly kept: unknown;
}

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
  const measured = new Measured<Tree>(options.measure as MeasureOptions<Tree> | undefined);
  const {
    optimiser,
    checkIdentical: isChecked = true,
    carry = handOver,
  } = options as unknown as TrainOptions;
  const { isShared } = chosen.method;
  let working = started(options as unknown as TrainOptions);
  const books = new Books(chosen, record, working.map(({ name }) => name)); // prettier-ignore
  const failures: Failure[] = [];
  const finished = (made: number): DadRun<P> => {
    const notes = notesOf(chosen);
    return {
      params: working[0]?.params as P,
      siteParams: working.map(({ params }) => params as P),
      sites: working.map(({ name }) => name),
      steps: made,
      failures,
      notes,
      ledger: books.ledger,
      measures: measured.curves(),
      trace: () => books.trace(made, measured.curves(), failures, notes),
    };
  };
  checkSameParameters(working.map(({ name, params }) => described(name, flatParameters(params))));
  if (isShared) await checkIdentical(working, "at the start");

  let plan: Plan | null = null;
  let lastTurn = performance.now();
  for (let step = 0; step < steps; step++) {
    let outcome: Outcome | null = null;
    while (outcome === null) {
      try {
        outcome = await attempt(chosen, working, step, plan, optimiser, carry);
      } catch (error) {
        if (!(error instanceof SiteFailedError)) throw error;
        failures.push({ site: error.site, step, message: error.message });
        const others = working.filter(({ name }) => name !== error.site);
        if (policy === "end" || others.length === 0) {
          const remedy =
            others.length === 0 ? "No site is left." : 'Mend it, or go on without it: onFailure: "continue".';
          throw new SiteFailedError(error.site, step, error.cause, remedy, finished(step) as DadRun);
        }
        working = others;
      }
    }
    const { result, batches, next } = outcome;
    plan = result.plan;
    working = next;
    if (isShared && isChecked) await checkIdentical(working, `after step ${step}`);
    await books.add(step, steps, working.map(({ index }) => index), batches, result); // prettier-ignore
    measured.after(step, steps, isShared ? working.slice(0, 1) : working);
    options.onStep?.({ step, loss: mean(result, batches) });
    if (performance.now() - lastTurn > TURN) {
      await new Promise((resolve) => setTimeout(resolve));
      lastTurn = performance.now();
    }
  }
  return finished(steps);
}

function started({ sites, model, optimiser }: TrainOptions): Working[] {
  if (sites.length === 0) throw new OptionError("sites should be a list of at least one site; got none.");
  const names = sites.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new OptionError(`sites should have names of their own; two are called "${twice}".`);
  const working = sites.map((site, index): Working => {
    checkOptionNames(site, ["name", "batch", "model"], `site "${site.name}"`);
    const own = site.model ?? model;
    checkOptionNames(own, ["params", "loss", "reduction"], "model");
    checkChoice(own.reduction ?? "mean", "reduction", ["mean", "sum"]);
    const { params } = own;
    const optimiserState = typeof optimiser === "function" ? undefined : optimiser.init(params);
    return { index, site, name: site.name, model: own, params, optimiserState, kept: undefined };
  });
  for (const { name, model: own } of working)
    if ((own.reduction ?? "mean") !== (working[0]!.model.reduction ?? "mean"))
      throw new SiteMismatchError(
        `Site "${name}" has the loss of a batch as its ${own.reduction ?? "mean"}, and site "${names[0]!}" as its ` +
          `${working[0]!.model.reduction ?? "mean"}. Give all models the same reduction.`,
      );
  return working;
}

interface Outcome {
  readonly result: StepResult;
  readonly batches: readonly Batch[];
  readonly next: Working[];
}

/** A whole step; nothing of `working` is changed, so that it can be tried again with fewer sites. */
async function attempt(
  chosen: ChosenMethod,
  working: readonly Working[],
  step: number,
  plan: Plan | null,
  optimiser: Optimiser,
  carry: Carry,
): Promise<Outcome> {
  const batches: Batch[] = [];
  for (const { site, name } of working)
    batches.push(await blaming(name, step, async () => checkBatch(await site.batch(step))));
  const result = await runStep(chosen, working, batches, step, plan, carry);
  const next: Working[] = [];
  for (const [s, each] of working.entries()) {
    const gradient = flatten(each.params, "params").rebuild(result.gradients[s]!);
    const updated = await blaming(each.name, step, () =>
      typeof optimiser === "function"
        ? { params: optimiser(each.params, gradient), state: undefined }
        : optimiser.update(each.params, gradient, each.optimiserState),
    );
    next.push({ ...each, params: updated.params, optimiserState: updated.state, kept: result.kept[s] });
  }
  return { result, batches, next };
}

function checkBatch(batch: Batch): Batch {
  checkOptionNames(batch, ["data", "rows"], "a batch");
  checkCount(batch.rows, "rows", 1, 2 ** 31 - 1);
  return batch;
}

async function blaming<T>(site: string, step: number, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw new SiteFailedError(site, step, error, "The site takes part no more.");
  }
}

function mean({ locals }: StepResult, batches: readonly Batch[]): number {
  const all = batches.reduce((sum, { rows }) => sum + rows, 0);
  return locals.reduce((sum, { loss }, s) => sum + (loss * batches[s]!.rows) / all, 0);
}
