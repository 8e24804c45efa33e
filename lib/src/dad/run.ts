/** What a run has learned, sent and recorded. */
import type { RanksMeasure, RanksTrace } from "../trace/index.js";
import type { Ledger } from "./ledger.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Tree } from "./model.js";

export interface Failure {
  readonly site: string;
  readonly step: number;
  readonly message: string;
}

/** The result of `train`. */
export interface DadRun<P = Tree> {
  /** Of the first site that took part to the end: the same at all of them where the method shares. */
  readonly params: P;
  /** Of every site that took part to the end. */
  readonly siteParams: readonly P[];
  /** Names of the sites that took part to the end. */
  readonly sites: readonly string[];
  /** Steps that were made. */
  readonly steps: number;
  readonly failures: readonly Failure[];
  /** Remarks on the method, such as the traps that `compat` reproduces. */
  readonly notes: readonly string[];
  /** Bytes, by layer and site: `ledger.rows()`, `ledger.total()`. */
  readonly ledger: Ledger;
  readonly measures: readonly RanksMeasure[];
  /** All that was recorded, to be shown or saved (see encodeRanksTrace). @throws SharingError when no step was made */
  readonly trace: () => RanksTrace;
}

/** What belongs beside every result of a method. */
export function notesOf({ name, method, options }: ChosenMethod): string[] {
  const warning =
    `${name} sends the samples themselves: the input of the first layer is the data. ` +
    `It saves bandwidth; it keeps nothing private.`;
  return [...(method.showsData ? [warning] : []), ...(method.notes?.(options) ?? [])];
}
