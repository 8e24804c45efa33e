/** The sites of a run, each with what it holds, and a step that they take together. */
import { OptionError } from "../errors.js";
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import { flatten } from "../tree/tree.js";
import { SiteFailedError, SiteMismatchError } from "./errors.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Batch, Model, Optimiser, Site, Tree } from "./model.js";
import { checkSameParameters, described, flatParameters, type Plan } from "./plan.js";
import { type Carry, runStep, type StepResult } from "./step.js";

/** A site with what it holds. */
export interface Working {
  readonly index: number;
  readonly site: Site;
  readonly name: string;
  readonly model: Model;
  readonly params: Tree;
  readonly optimiserState: unknown;
  readonly kept: unknown;
}

/**
 * All sites at the start.
 * @throws OptionError, UnknownOptionError, SiteMismatchError
 */
export function started(sites: readonly Site[], model: Model, optimiser: Optimiser): Working[] {
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
  checkSameParameters(working.map(({ name, params }) => described(name, flatParameters(params))));
  return working;
}

export interface Outcome {
  readonly result: StepResult;
  readonly batches: readonly Batch[];
  readonly next: Working[];
}

/** A whole step; nothing of `working` is changed, so that it can be tried again with fewer sites. */
export async function attempt(
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
