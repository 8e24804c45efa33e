/** One step of a run, as the coordinator leads it. No site commits to it here, so that it can be tried again with fewer. */
import { SharingError, SiteFailedError, SiteMismatchError } from "./errors.js";
import type { Exchange } from "./ledger.js";
import type { Message } from "./message.js";
import type { Found } from "./methods/method.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Drawn, LocalSummary, Participant } from "./participant.js";
import { agree, type Plan } from "./plan.js";

export interface StepResult {
  readonly plan: Plan;
  /** Of the sites that take part, in order. */
  readonly drawn: readonly Drawn[];
  readonly locals: readonly LocalSummary[];
  readonly exchange: Exchange;
  readonly found: readonly (Found | undefined)[];
  readonly foundByAggregator: Found | undefined;
}

/** Errors about the run as a whole are not the failure of one site. */
const isOfTheRun = (error: unknown): boolean =>
  error instanceof SharingError || error instanceof SiteMismatchError;

/** @throws SiteFailedError naming the site, for whatever its part throws */
async function at<T>(site: string, step: number, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (isOfTheRun(error)) throw error;
    throw new SiteFailedError(site, step, error, "The site takes part no more.");
  }
}

/**
 * The same of every site. In this process one after the other; elsewhere at once, and none is left at work when one fails.
 * @throws what the first that failed, in order, threw
 */
export async function ofAll<T>(
  sites: readonly Participant[],
  step: number,
  body: (site: Participant, place: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  if (!sites.some(({ isRemote }) => isRemote)) {
    for (const [s, site] of sites.entries()) results.push(await at(site.name, step, () => body(site, s)));
    return results;
  }
  const settled = await Promise.allSettled(sites.map((site, s) => at(site.name, step, () => body(site, s))));
  for (const each of settled) {
    if (each.status === "rejected") throw each.reason;
    results.push(each.value);
  }
  return results;
}

/** The weight of a site's loss, so that all gradients add to that of the mean over all rows. */
function scaleOf({ method, options }: ChosenMethod, isSum: boolean, own: number, all: number): number {
  const weight = method.scale?.(own / all, options);
  if (isSum) return weight === undefined ? 1 / all : weight / own;
  return weight ?? own / all;
}

/**
 * What carries a message to its receiver: a site, or the aggregator (null). It may copy, encode and send; what it gives is
 * what is received.
 */
export type Carry = (message: Message, to: string | null) => Message | Promise<Message>;

/**
 * @param plan null in the first step, which makes it
 * @param isSum whether the loss of a batch is the sum over its rows
 */
export async function runStep(
  chosen: ChosenMethod,
  sites: readonly Participant[],
  step: number,
  plan: Plan | null,
  isSum: boolean,
  carry: Carry,
): Promise<StepResult> {
  const { method, options } = chosen;
  const all = <T>(body: (site: Participant, place: number) => Promise<T>) => ofAll(sites, step, body);
  const drawn = await all((site) => site.begin(step));
  const rows = drawn.map((each) => each.rows);
  const total = rows.reduce((sum, count) => sum + count, 0);
  const locals = await all((site, s) => site.local(scaleOf(chosen, isSum, rows[s]!, total)));
  const agreed = plan ?? (await planOf(chosen, sites, step));

  const up: Message[][] = [];
  const down: Message[] = [];
  const found: (Found | undefined)[] = sites.map(() => undefined);
  let foundByAggregator: Found | undefined;
  /** What a site was not told yet. What it is asked for with it, it is asked for at once: a line carries both in one message. */
  const tell = async (site: Participant, s: number): Promise<() => Promise<void>> => {
    const answer = down.at(-1);
    if (answer === undefined) return () => site.agree(agreed, rows, s, plan === null);
    const carried = await carry(answer, site.name);
    return () => site.receive(carried);
  };
  for (const [round, { aggregate }] of method.rounds.entries()) {
    const messages = await all(async (site, s) => {
      const told = await tell(site, s);
      const [, sent] = await Promise.all([told(), site.send(round)]);
      found[s] ??= sent.found;
      return carry({ from: site.name, step, round, blocks: sent.blocks }, null);
    });
    const shared = aggregate(messages, { plan: agreed, step }, options);
    foundByAggregator ??= shared.found;
    up.push(messages);
    down.push({ from: "aggregator", step, round, blocks: shared.blocks });
  }
  await all(async (site, s) => {
    const told = await tell(site, s);
    await Promise.all([told(), site.reconstruct(), site.update()]);
  });
  return { plan: agreed, drawn, locals, exchange: { up, down }, found, foundByAggregator };
}

async function planOf({ method, options }: ChosenMethod, sites: readonly Participant[], step: number) {
  const observations = await ofAll(sites, step, (site) => site.observe());
  const plan = agree(observations);
  return method.plan ? method.plan(plan, observations, options) : plan;
}
