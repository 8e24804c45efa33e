/** A site's own part of a run: what it holds, and what it does in every step. Nothing is changed before it commits. */
import { isLeafObject } from "../ad/leaves.js";
import type { Leaf } from "../ad/recorded.js";
import type { NumberArray } from "../engine/engine.js";
import { checkCount, checkOptionNames } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { bytesOf } from "../trace/bytes.js";
import { valueAndGrad } from "../transforms/grad.js";
import { flatten } from "../tree/tree.js";
import { type Floats, withOnesColumn } from "./dense.js";
import { digestOf } from "./digest.js";
import { type Local, numbersOf, runLocal } from "./local.js";
import type { Message } from "./message.js";
import type { Found, SiteContext } from "./methods/method.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Batch, Model, Optimiser, Site, Tree } from "./model.js";
import type { Drawn, Introduction, LocalSummary, Participant } from "./participant.js";
import { described, flatParameters, type Observation, observe, type Plan, verify } from "./plan.js";
import { singularValues } from "./spectrum.js";

/** What only the process of a site can see. */
export interface Inside {
  readonly params: Tree;
  readonly local: Local;
  /** What the local loss was scaled by. */
  readonly scale: number;
  /** The leaves of the gradient as the site reconstructed it. */
  readonly gradients: readonly Leaf[];
}

/** What is made in a step, piece by piece, and gone when another begins. */
interface Step {
  readonly step: number;
  readonly batch: Batch;
  scale?: number;
  local?: Local;
  context?: SiteContext;
  state?: unknown;
  gradients?: readonly Leaf[];
  next?: { readonly params: Tree; readonly state: unknown };
  readonly received: Message[];
}

export class Part implements Participant {
  readonly name: string;
  readonly index: number;
  readonly isRemote = false;
  readonly #site: Site;
  readonly #model: Model;
  readonly #optimiser: Optimiser;
  readonly #chosen: ChosenMethod;
  #params: Tree;
  #optimiserState: unknown;
  #kept: unknown;
  #now: Step | null = null;

  constructor(site: Site, model: Model, optimiser: Optimiser, chosen: ChosenMethod, index: number) {
    this.name = site.name;
    this.index = index;
    this.#site = site;
    this.#model = model;
    this.#optimiser = optimiser;
    this.#chosen = chosen;
    this.#params = model.params;
    this.#optimiserState = typeof optimiser === "function" ? undefined : optimiser.init(model.params);
  }

  /** The parameters that were committed last. */
  get params(): Tree {
    return this.#params;
  }

  introduce(): Promise<Introduction> {
    const reduction = this.#model.reduction ?? "mean";
    return Promise.resolve({ ...described(this.name, flatParameters(this.#params)), reduction });
  }

  async begin(step: number): Promise<Drawn> {
    const batch = await this.#site.batch(step);
    checkOptionNames(batch, ["data", "rows"], "a batch");
    checkCount(batch.rows, "rows", 1, 2 ** 31 - 1);
    this.#now = { step, batch, received: [] };
    return { rows: batch.rows, bytes: bytesOfTree(batch.data) };
  }

  async local(scale: number): Promise<LocalSummary> {
    const { batch } = this.#step;
    const local = await runLocal(this.#model, this.#params, batch.data, scale);
    this.#checkFinite(local);
    const loss = this.#model.reduction === "sum" ? local.loss / batch.rows : local.loss;
    Object.assign(this.#step, { scale, local });
    return {
      loss,
      rows: [...local.factors].map(([leaf, { input }]) => [leaf, input.rows] as const),
      widths: local.gradients.map(({ BYTES_PER_ELEMENT }) => BYTES_PER_ELEMENT),
    };
  }

  async observe(): Promise<Observation> {
    const { method } = this.#chosen;
    const flat = flatParameters(this.#params);
    const seen = observe(this.name, flat, this.#local);
    return method.observe ? method.observe(seen, this.#local, flat.leaves) : seen;
  }

  async agree(plan: Plan, rows: readonly number[], place: number, isNew: boolean): Promise<void> {
    const { method, options } = this.#chosen;
    const { step, batch } = this.#step;
    if (!isNew) verify(plan, this.#local);
    this.#step.context = {
      plan,
      name: this.name,
      site: place,
      rows,
      step,
      local: this.#local,
      params: flatParameters(this.#params).leaves,
      batch: batch.data,
      gradientAt: (of, count) => this.#gradientAt(of, count),
    };
    this.#step.state = this.#kept ?? method.start(plan, options);
    return Promise.resolve();
  }

  async send(round: number): Promise<{ blocks: Message["blocks"]; found?: Found }> {
    const { method, options } = this.#chosen;
    const now = this.#step;
    const { blocks, state, found } = await method.rounds[round]!.send(now.context!, options, now.state, now.received); // prettier-ignore
    now.state = state;
    return { blocks, ...(found && { found }) };
  }

  receive(message: Message): Promise<void> {
    this.#step.received.push(message);
    return Promise.resolve();
  }

  async reconstruct(): Promise<void> {
    const { method, options } = this.#chosen;
    const now = this.#step;
    const { gradients, state } = method.reconstruct(now.context!, options, now.state, now.received);
    Object.assign(now, { gradients, state });
  }

  async update(): Promise<void> {
    const gradient = flatten(this.#params, "params").rebuild(this.#step.gradients!);
    this.#step.next =
      typeof this.#optimiser === "function"
        ? { params: this.#optimiser(this.#params, gradient), state: undefined }
        : this.#optimiser.update(this.#params, gradient, this.#optimiserState);
  }

  commit(): Promise<void> {
    const { next, state } = this.#step;
    this.#params = next!.params;
    this.#optimiserState = next!.state;
    this.#kept = state;
    return Promise.resolve();
  }

  async spectra(): Promise<Found> {
    const { plan } = this.#step.context!;
    return new Map(
      plan.outers.map(({ name, weight, bias }) => {
        const { input, delta } = this.#local.factors.get(weight)!;
        return [name, singularValues(bias === null ? input : withOnesColumn(input), delta)];
      }),
    );
  }

  leaves(): Promise<NumberArray[]> {
    return Promise.all(flatParameters(this.#params).leaves.map(numbersOf));
  }

  async digests(): Promise<string[]> {
    return (await this.leaves()).map((values) => digestOf(bytesOf(values)));
  }

  inside(): Inside {
    const { local, scale, gradients } = this.#step;
    return { params: this.#params, local: local!, scale: scale!, gradients: gradients! };
  }

  close(): Promise<void> {
    this.#now = null;
    return Promise.resolve();
  }

  get #step(): Step {
    if (this.#now === null) throw new Error("No step has begun.");
    return this.#now;
  }

  get #local(): Local {
    return this.#step.local!;
  }

  /** A NaN would spread to all sites with the next message. */
  #checkFinite(local: Local): void {
    if (!Number.isFinite(local.loss)) throw new RangeError(`its loss is ${local.loss}.`);
    const bad = local.gradients.findIndex((values: Floats) => !values.every(Number.isFinite));
    if (bad < 0) return;
    const name = flatParameters(this.#params).paths[bad]!.replace(/^argument\.?/, "");
    throw new RangeError(`the gradient of ${name} is not finite.`);
  }

  #gradientAt(batch: Tree, count: number): readonly Leaf[] {
    const scale = this.#model.reduction === "sum" ? 1 / count : 1;
    const scaled = (p: Tree) => {
      const loss = this.#model.loss(p, batch);
      return scale === 1 ? loss : loss.mul(scale);
    };
    return flatten(valueAndGrad(scaled)(this.#params)[1], "gradient").leaves;
  }
}

function bytesOfTree(data: Tree): number {
  const width = { float32: 4, int32: 4, float64: 8 } as const;
  return flatten(data, "batch").leaves.reduce((sum: number, leaf) => {
    if (!isLeafObject(leaf)) return sum;
    const { size, dtype } = leaf as unknown as Tensor;
    return sum + size * width[dtype];
  }, 0);
}
