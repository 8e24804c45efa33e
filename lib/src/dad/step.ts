/** One step of a run: local gradients, messages, aggregation, reconstructed gradients. Nothing of the run is changed. */
import type { Leaf } from "../ad/recorded.js";
import { valueAndGrad } from "../transforms/grad.js";
import { flatten } from "../tree/tree.js";
import type { Floats } from "./dense.js";
import { SharingError, SiteFailedError, SiteMismatchError } from "./errors.js";
import type { Exchange } from "./ledger.js";
import { type Local, runLocal } from "./local.js";
import type { Message } from "./message.js";
import type { Found, SiteContext } from "./methods/method.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Batch, Model, Tree } from "./model.js";
import { agree, flatParameters, observe, type Plan, verify } from "./plan.js";

/** A site as a step finds it. */
export interface SiteState {
  readonly name: string;
  readonly model: Model;
  readonly params: Tree;
  /** Of the method; undefined before the first step. */
  readonly kept: unknown;
}

export interface StepResult {
  readonly plan: Plan;
  /** Of the sites that take part, in order; their losses are means over their rows. */
  readonly locals: readonly Local[];
  /** What each local loss was scaled by. */
  readonly scales: readonly number[];
  /** The leaves of the gradient as each site reconstructs it. */
  readonly gradients: readonly (readonly Leaf[])[];
  readonly kept: readonly unknown[];
  readonly exchange: Exchange;
  readonly found: readonly (Found | undefined)[];
  readonly foundByAggregator: Found | undefined;
}

/** Errors about the run as a whole are not the failure of one site. */
const isOfTheRun = (error: unknown): boolean =>
  error instanceof SharingError || error instanceof SiteMismatchError;

/** @throws SiteFailedError naming the site, for whatever its part throws */
async function at<T>(site: string, step: number, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (isOfTheRun(error)) throw error;
    throw new SiteFailedError(site, step, error, "The site takes part no more.");
  }
}

/** The weight of a site's loss, so that all gradients add to that of the mean over all rows. */
function scaleOf({ method, options }: ChosenMethod, model: Model, own: number, all: number): number {
  const weight = method.scale?.(own / all, options);
  if (model.reduction === "sum") return weight === undefined ? 1 / all : weight / own;
  return weight ?? own / all;
}

/**
 * What carries a message to its receiver: a site, or the aggregator (null). It may copy, encode and send; what it gives is
 * what is received.
 */
export type Carry = (message: Message, to: string | null) => Message | Promise<Message>;

/** @param plan null in the first step, which makes it */
export async function runStep(
  chosen: ChosenMethod,
  sites: readonly SiteState[],
  batches: readonly Batch[],
  step: number,
  plan: Plan | null,
  carry: Carry,
): Promise<StepResult> {
  const { method, options } = chosen;
  const rows = batches.map((batch) => batch.rows);
  const all = rows.reduce((sum, count) => sum + count, 0);
  const locals: Local[] = [];
  const scales: number[] = [];
  for (const [s, site] of sites.entries()) {
    const scale = scaleOf(chosen, site.model, rows[s]!, all);
    const local = await at(site.name, step, () => runLocal(site.model, site.params, batches[s]!.data, scale));
    await at(site.name, step, () => checkFinite(local, site.params));
    locals.push(site.model.reduction === "sum" ? { ...local, loss: local.loss / rows[s]! } : local);
    scales.push(scale);
  }
  const agreed = plan ?? (await planOf(chosen, sites, locals));
  if (plan !== null)
    for (const [s, site] of sites.entries()) await at(site.name, step, () => verify(agreed, locals[s]!));

  const contexts = sites.map((site, s): SiteContext => ({
    plan: agreed,
    name: site.name,
    site: s,
    rows,
    step,
    local: locals[s]!,
    params: flatParameters(site.params).leaves,
    batch: batches[s]!.data,
    gradientAt: (batch, count) => gradientAt(site, batch, count),
  }));
  const states = sites.map(({ kept }) => kept ?? method.start(agreed, options));
  const up: Message[][] = [];
  const down: Message[] = [];
  const received: Message[][] = sites.map(() => []);
  const found: (Found | undefined)[] = sites.map(() => undefined);
  let foundByAggregator: Found | undefined;
  for (const [round, { send, aggregate }] of method.rounds.entries()) {
    const messages: Message[] = [];
    for (const [s, { name }] of sites.entries()) {
      const sent = await at(name, step, () => send(contexts[s]!, options, states[s], received[s]!));
      states[s] = sent.state;
      found[s] ??= sent.found;
      const message = { from: name, step, round, blocks: sent.blocks };
      messages.push(await at(name, step, () => carry(message, null)));
    }
    const shared = aggregate(messages, { plan: agreed, step }, options);
    foundByAggregator ??= shared.found;
    up.push(messages);
    const answer = { from: "aggregator", step, round, blocks: shared.blocks };
    down.push(answer);
    for (const [s, { name }] of sites.entries())
      received[s]!.push(await at(name, step, () => carry(answer, name)));
  }
  const gradients: (readonly Leaf[])[] = [];
  for (const [s, { name }] of sites.entries()) {
    const made = await at(name, step, () =>
      method.reconstruct(contexts[s]!, options, states[s], received[s]!),
    );
    gradients.push(made.gradients);
    states[s] = made.state;
  }
  return {
    plan: agreed,
    locals,
    scales,
    gradients,
    kept: states,
    exchange: { up, down },
    found,
    foundByAggregator,
  };
}

async function planOf(
  { method, options }: ChosenMethod,
  sites: readonly SiteState[],
  locals: readonly Local[],
) {
  const observations = [];
  for (const [s, { name, params }] of sites.entries()) {
    const flat = flatParameters(params);
    const seen = observe(name, flat, locals[s]!);
    observations.push(method.observe ? await method.observe(seen, locals[s]!, flat.leaves) : seen);
  }
  const plan = agree(observations);
  return method.plan ? method.plan(plan, observations, options) : plan;
}

/** A NaN would spread to all sites with the next message. */
function checkFinite(local: Local, params: Tree): void {
  if (!Number.isFinite(local.loss)) throw new RangeError(`its loss is ${local.loss}.`);
  const bad = local.gradients.findIndex((values: Floats) => !values.every(Number.isFinite));
  if (bad < 0) return;
  const name = flatParameters(params).paths[bad]!.replace(/^argument\.?/, "");
  throw new RangeError(`the gradient of ${name} is not finite.`);
}

function gradientAt({ model, params }: SiteState, batch: Tree, count: number): readonly Leaf[] {
  const scale = model.reduction === "sum" ? 1 / count : 1;
  const scaled = (p: Tree) => {
    const loss = model.loss(p, batch);
    return scale === 1 ? loss : loss.mul(scale);
  };
  return flatten(valueAndGrad(scaled)(params)[1], "gradient").leaves;
}
