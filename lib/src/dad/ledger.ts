/** The byte ledger: what went up and down, by layer and site; what is in the messages beside what the formulas say. */
import { type Message } from "./message.js";
import type { Method, Traffic } from "./methods/method.js";
import { BATCH } from "./methods/pooled.js";
import type { OuterUnit, Plan } from "./plan.js";

/** Bytes of one site and one layer. */
export interface Bytes {
  readonly up: number;
  readonly down: number;
  /** By the closed formula of the method. */
  readonly upFormula: number;
  readonly downFormula: number;
}

export interface LedgerRow extends Bytes {
  readonly layer: string;
  readonly site: string;
}

/** A line of the ledger. */
export interface LedgerUnit {
  readonly name: string;
  readonly kind: "outer" | "raw" | "data";
  readonly inputs: number;
  readonly outputs: number;
  readonly hasBias: boolean;
}

/** The lines of a run: its weights, the other parameters, and the batch where it travels. */
export function ledgerUnits(plan: Plan, withBatch: boolean): LedgerUnit[] {
  return [
    ...plan.outers.map(({ name, inputs, outputs, bias }): LedgerUnit => ({ name, kind: "outer", inputs, outputs, hasBias: bias !== null })), // prettier-ignore
    ...plan.raws.map(({ name, size }): LedgerUnit => ({ name, kind: "raw", inputs: size, outputs: 1, hasBias: false })), // prettier-ignore
    ...(withBatch ? [{ name: BATCH, kind: "data", inputs: 0, outputs: 0, hasBias: false } as const] : []),
  ];
}

/** All messages of a step. */
export interface Exchange {
  /** [rounds][sites that take part] */
  readonly up: readonly (readonly Message[])[];
  /** [rounds] broadcast to every site. */
  readonly down: readonly Message[];
}

/** Bytes of the arrays of a unit. */
export const measuredBytes = ({ blocks }: Message, unit: LedgerUnit): number =>
  blocks.reduce((sum, { unit: name, role, values }) => {
    const belongs = unit.kind === "data" ? role === "data" : role !== "data" && name === unit.name;
    return belongs ? sum + values.byteLength : sum;
  }, 0);

export interface FormulaContext {
  readonly method: Method;
  readonly options: unknown;
  readonly plan: Plan;
  readonly step: number;
  /** N_s of the sites that take part. */
  readonly samples: readonly number[];
  /** R_s by weight, of the sites that take part. */
  readonly rows: (unit: OuterUnit) => readonly number[];
  /** Ranks that the sites found, by weight; empty where a method has none. */
  readonly ranks: (unit: OuterUnit) => readonly number[];
  readonly sharedRank: (unit: OuterUnit) => number;
  /** Bytes of one number of a parameter. */
  readonly width: (unit: LedgerUnit) => number;
  /** Bytes of one sample. */
  readonly sampleBytes: number;
}

/** By the closed formulas, for the site that has this place among those that take part. */
export function formulaBytes(
  context: FormulaContext,
  unit: LedgerUnit,
  site: number,
): { up: number; down: number } {
  const { method, options, plan, samples, step } = context;
  if (unit.kind === "data") {
    const all = samples.reduce((sum, count) => sum + count, 0);
    return { up: samples[site]! * context.sampleBytes, down: all * context.sampleBytes };
  }
  const width = context.width(unit);
  if (unit.kind === "raw") {
    const size = method.travels === "gradients" ? unit.inputs * width : 0;
    return { up: size, down: size };
  }
  const index = plan.outers.findIndex(({ name }) => name === unit.name);
  const outer = plan.outers[index]!;
  const traffic: Traffic = {
    unit: outer,
    isLast: index === plan.outers.length - 1,
    step,
    rows: context.rows(outer),
    site,
    ranks: context.ranks(outer),
    sharedRank: context.sharedRank(outer),
  };
  const { up, down } = method.values(traffic, options);
  return { up: up * width, down: down * width };
}

const FIELDS = ["up", "down", "upFormula", "downFormula"] as const;

/** Sums from the start of a run: [layers, sites]. */
export class Ledger {
  readonly units: readonly LedgerUnit[];
  readonly sites: readonly string[];
  readonly totals: Readonly<Record<(typeof FIELDS)[number], Float64Array>>;

  constructor(units: readonly LedgerUnit[], sites: readonly string[]) {
    this.units = units;
    this.sites = sites;
    const zeros = () => new Float64Array(units.length * sites.length);
    this.totals = { up: zeros(), down: zeros(), upFormula: zeros(), downFormula: zeros() };
  }

  add(unit: number, site: number, bytes: Bytes): void {
    for (const name of FIELDS) this.totals[name][unit * this.sites.length + site]! += bytes[name];
  }

  /** One row for every layer and site. */
  rows(): LedgerRow[] {
    return this.units.flatMap(({ name: layer }, l) =>
      this.sites.map((site, s) => {
        const at = l * this.sites.length + s;
        const { up, down, upFormula, downFormula } = this.totals;
        return { layer, site, up: up[at]!, down: down[at]!, upFormula: upFormula[at]!, downFormula: downFormula[at]! }; // prettier-ignore
      }),
    );
  }

  /** Over all layers and sites. */
  total(): Bytes {
    const [up, down, upFormula, downFormula] = FIELDS.map((name) =>
      this.totals[name].reduce((sum, value) => sum + value, 0),
    );
    return { up: up!, down: down!, upFormula: upFormula!, downFormula: downFormula! };
  }
}
