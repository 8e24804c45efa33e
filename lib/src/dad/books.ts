/** The books of a run: every step is entered in the ledger, and in the record where it is wanted. */
import type { RanksMeasure, RanksTrace } from "../trace/index.js";
import { compareWithExact } from "./compare.js";
import { SharingError } from "./errors.js";
import {
  formulaBytes,
  type FormulaContext,
  Ledger,
  type LedgerUnit,
  ledgerUnits,
  measuredBytes,
} from "./ledger.js";
import type { Found } from "./methods/method.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Participant } from "./participant.js";
import type { OuterUnit, Plan } from "./plan.js";
import { Recorder, type RecordOptions } from "./record.js";
import type { Failure } from "./run.js";
import type { StepResult } from "./step.js";

export class Books {
  readonly #chosen: ChosenMethod;
  readonly #options: Required<RecordOptions>;
  readonly #sites: readonly string[];
  #ledger: Ledger | null = null;
  #recorder: Recorder | null = null;

  constructor(chosen: ChosenMethod, options: Required<RecordOptions>, sites: readonly string[]) {
    this.#chosen = chosen;
    this.#options = options;
    this.#sites = sites;
  }

  /** Empty before the first step: it knows no layers then. */
  get ledger(): Ledger {
    return this.#ledger ?? new Ledger([], this.#sites);
  }

  /** @param taking indices of the sites that took part, in the order of the batches */
  async add(step: number, steps: number, sites: readonly Participant[], result: StepResult): Promise<void> {
    const taking = sites.map(({ index }) => index);
    const ledger = (this.#ledger ??= new Ledger(ledgerUnits(result.plan, this.#chosen.method.travels === "batch"), this.#sites)); // prettier-ignore
    const recorder = (this.#recorder ??= new Recorder(ledger, this.#options));
    const { up, down } = result.exchange;
    const formulas = this.#formulas(step, result);
    ledger.units.forEach((unit, l) =>
      taking.forEach((site, s) => {
        const formula = formulaBytes(formulas, unit, s);
        ledger.add(l, site, {
          up: up.reduce((sum, round) => sum + measuredBytes(round[s]!, unit), 0),
          down: down.reduce((sum, message) => sum + measuredBytes(message, unit), 0),
          upFormula: formula.up,
          downFormula: formula.down,
        });
      }),
    );
    if (!recorder.wants(step, steps)) return;
    const samples = result.drawn.map(({ rows }) => rows);
    const all = samples.reduce((sum, rows) => sum + rows, 0);
    const isCompared = this.#chosen.method.isShared && this.#options.error;
    const errors = isCompared ? await compareWithExact(sites.map(insideOf), result.plan, ledger.units, samples.map((rows) => rows / all)) : null; // prettier-ignore
    recorder.add(step, taking, samples, result, errors, await this.#spectra(sites, result));
  }

  #formulas(step: number, result: StepResult): FormulaContext {
    const { method, options } = this.#chosen;
    const { plan, locals, found, foundByAggregator } = result;
    const samples = result.drawn.map(({ rows }) => rows);
    return {
      method,
      options,
      plan,
      step,
      samples,
      rows: ({ weight }) => locals.map(({ rows }) => rows.find(([leaf]) => leaf === weight)![1]),
      ranks: ({ name }) => found.flatMap((each) => each?.get(name)?.length ?? []),
      sharedRank: ({ name }: OuterUnit) => foundByAggregator?.get(name)?.length ?? 0,
      width: (unit) => widthOf(unit, plan, result),
      sampleBytes: method.travels === "batch" ? result.drawn[0]!.bytes / samples[0]! : 0,
    };
  }

  /** What is recorded of the spectra: what a method found on its way, or all of every site's own gradient. */
  #spectra(sites: readonly Participant[], { found }: StepResult): Promise<readonly (Found | undefined)[]> {
    const { spectra } = this.#options;
    if (spectra === "gradient") return Promise.all(sites.map((site) => site.spectra()));
    return Promise.resolve(spectra === "found" ? found : sites.map(() => undefined));
  }

  trace(
    steps: number,
    measures: readonly RanksMeasure[],
    failures: readonly Failure[],
    notes: readonly string[],
    status: RanksTrace["status"],
  ): RanksTrace {
    if (this.#recorder === null)
      throw new SharingError("The run made no step, so there is nothing to trace.");
    const { method, name, given } = this.#chosen;
    const { sends, aggregates, reconstructs, isExact, showsData } = method;
    const options = Object.entries(given).map(([key, value]) => `${key} = ${String(value)}`);
    return this.#recorder.trace(
      { name, sends, aggregates, reconstructs, isExact, showsData, options, notes },
      steps,
      measures,
      failures.map(({ site, step, message }) => ({ site: this.#sites.indexOf(site), step, message: message.slice(0, 1024) })), // prettier-ignore
      status,
    );
  }
}

/** Bytes of one number of a parameter. */
function widthOf({ name, kind }: LedgerUnit, { outers, raws }: Plan, { locals }: StepResult): number {
  if (kind === "data") return 1;
  const leaf =
    outers.find((unit) => unit.name === name)?.weight ?? raws.find((unit) => unit.name === name)!.leaf;
  return locals[0]!.widths[leaf]!;
}

/** Remote sites were refused before the run began: their gradients are elsewhere. */
const insideOf = (site: Participant) => site.inside()!;
