/** Recording a run: what a trace of ranks says of every step, layer and site. */
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import { OptionError } from "../errors.js";
import { DEFAULT_THETA, RANKS_VERSION, type RanksFailure, type RanksMeasure, type RanksMethod, type RanksTrace } from "../trace/index.js"; // prettier-ignore
import { PRODUCER } from "../version.js";
import type { Ledger } from "./ledger.js";
import { effectiveRank, entropyRank, stableRank } from "./spectrum.js";
import type { StepResult } from "./step.js";
import type { Found } from "./methods/method.js";

export interface RecordOptions {
  /** Record every so many steps (1); the first and the last always. */
  readonly every?: number;
  /** Singular values: those that a method finds on its way, all of every site's own gradient, or none ("found"). */
  readonly spectra?: "found" | "gradient" | "none";
  /** Most singular values of a layer that are kept (32). */
  readonly maxSingularValues?: number;
  /** θ of the effective rank; that of the method, or 1e-3, when not given. */
  readonly theta?: number;
  /** Compare what is shared with the exact gradient (false). */
  readonly error?: boolean;
}

export function checkRecordOptions(given: RecordOptions, ofMethod: unknown): Required<RecordOptions> {
  checkOptionNames(given, ["every", "spectra", "maxSingularValues", "theta", "error"], "record");
  const own = (ofMethod as { readonly theta?: number } | null)?.theta;
  const theta = given.theta ?? own ?? DEFAULT_THETA;
  if (!(theta >= 0 && theta < 1))
    throw new OptionError(`theta should be a number from 0 to below 1; got ${theta}.`);
  return {
    every: checkCount(given.every ?? 1, "every", 1, Number.MAX_SAFE_INTEGER),
    spectra: checkChoice(given.spectra ?? "found", "spectra", ["found", "gradient", "none"]),
    maxSingularValues: checkCount(given.maxSingularValues ?? 32, "maxSingularValues", 1, 1024),
    theta,
    error: given.error ?? false,
  };
}

/** Of one recorded step; by layer and site, row-major. */
interface Row {
  readonly step: number;
  readonly rows: readonly number[];
  readonly factorRows: readonly number[];
  readonly loss: readonly number[];
  readonly bytes: { readonly [K in "up" | "down" | "upFormula" | "downFormula"]: Float64Array };
  readonly sigma: readonly (Float64Array | null)[];
  readonly relative: readonly number[];
  readonly cosine: readonly number[];
}

/** Distance and angle between what was shared and what is exact, by line of the ledger. */
export interface StepErrors {
  readonly relative: readonly number[];
  readonly cosine: readonly number[];
}

export class Recorder {
  readonly #ledger: Ledger;
  readonly #options: Required<RecordOptions>;
  readonly #rows: Row[] = [];

  constructor(ledger: Ledger, options: Required<RecordOptions>) {
    this.#ledger = ledger;
    this.#options = options;
  }

  /**
   * @param taking indices of the sites that take part, in the order of the result
   * @param spectra singular values by weight, of each of them
   */
  add(
    step: number,
    taking: readonly number[],
    samples: readonly number[],
    result: StepResult,
    errors: StepErrors | null,
    spectra: readonly (Found | undefined)[],
  ): void {
    const { units, sites, totals } = this.#ledger;
    const bySite = <T>(of: readonly T[], absent: T): T[] =>
      sites.map((_, s) => (taking.includes(s) ? of[taking.indexOf(s)]! : absent));
    const nothing = units.map(() => NaN);
    this.#rows.push({
      step,
      rows: bySite(samples, 0),
      factorRows: units.flatMap(({ name }) => {
        const unit = result.plan.outers.find((outer) => outer.name === name);
        return bySite(taking.map((_, s) => (unit ? result.locals[s]!.rows.find(([leaf]) => leaf === unit.weight)![1] : 0)), 0); // prettier-ignore
      }),
      loss: bySite(result.locals.map(({ loss }) => loss), NaN), // prettier-ignore
      bytes: {
        up: totals.up.slice(),
        down: totals.down.slice(),
        upFormula: totals.upFormula.slice(),
        downFormula: totals.downFormula.slice(),
      },
      sigma: units.flatMap(({ name }) => {
        const sigmas = spectra.map((found) => found?.get(name)?.toSorted((a, b) => b - a) ?? null);
        return bySite(sigmas, null);
      }),
      relative: errors?.relative ?? nothing,
      cosine: errors?.cosine ?? nothing,
    });
  }

  /** Whether a step is one of those that are recorded. */
  wants(step: number, steps: number): boolean {
    return step % this.#options.every === 0 || step === steps - 1;
  }

  trace(
    method: Omit<RanksMethod, "theta">,
    steps: number,
    measures: readonly RanksMeasure[],
    failures: readonly RanksFailure[],
    status: RanksTrace["status"],
  ): RanksTrace {
    const rows = this.#rows;
    const { units, sites } = this.#ledger;
    const { theta, spectra, maxSingularValues } = this.#options;
    const all = rows.flatMap(({ sigma }) => sigma);
    const longest = all.reduce((most, sigma) => Math.max(most, sigma?.length ?? 0), 0);
    const K = Math.min(maxSingularValues, longest);
    const values = new Float32Array(all.length * K).fill(NaN);
    all.forEach((sigma, i) => sigma && values.set(sigma.subarray(0, K), i * K));
    const ranks = (of: (sigma: Float64Array) => number) =>
      Float32Array.from(all, (sigma) => (sigma === null ? NaN : of(sigma)));
    const joined = (of: (row: Row) => ArrayLike<number>) => Float64Array.from(rows.flatMap((row) => Array.from(of(row)))); // prettier-ignore
    const cut: RanksTrace["omissions"] =
      K < longest
        ? [{ what: "singular values", kept: K, of: longest, reason: "of each layer the largest are recorded (maxSingularValues)" }] // prettier-ignore
        : [];
    const thinned: RanksTrace["omissions"] =
      rows.length < steps
        ? [{ what: "steps", kept: rows.length, of: steps, reason: `every ${this.#options.every} steps are recorded` }] // prettier-ignore
        : [];
    return {
      kind: "ranks",
      version: RANKS_VERSION,
      producer: PRODUCER,
      method: { ...method, theta },
      status,
      sites: [...sites],
      layers: units.map((unit) => ({ ...unit })),
      steps,
      recorded: Int32Array.from(rows, ({ step }) => step),
      rows: Int32Array.from(rows.flatMap((row) => row.rows)),
      factorRows: Int32Array.from(rows.flatMap((row) => row.factorRows)),
      loss: joined((row) => row.loss),
      bytes: {
        up: joined(({ bytes }) => bytes.up),
        down: joined(({ bytes }) => bytes.down),
        upFormula: joined(({ bytes }) => bytes.upFormula),
        downFormula: joined(({ bytes }) => bytes.downFormula),
      },
      spectra: { of: K === 0 ? "none" : spectra, values },
      effectiveRank: ranks((sigma) => effectiveRank(sigma, theta)),
      entropyRank: ranks(entropyRank),
      stableRank: ranks(stableRank),
      error: { relative: joined((row) => row.relative), cosine: joined((row) => row.cosine) },
      measures,
      others: [],
      failures,
      omissions: [...cut, ...thinned],
    };
  }
}
