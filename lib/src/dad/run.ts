/** What a run has learned, sent and recorded. */
import { boundedEntry } from "../display/bounded.js";
import { type Figure, ranksFigure } from "../display/ranks-figure.js";
import { ranksSummary } from "../display/ranks-summary.js";
import { ranksSvg } from "../display/ranks-svg.js";
import { stillEntry } from "../display/still.js";
import {
  boundRanksTrace,
  encodeRanksTrace,
  RANKS_MIME,
  type RanksMeasure,
  type RanksTrace,
} from "../trace/index.js";
import type { Ledger } from "./ledger.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Tree } from "./model.js";

/** The convention by which a value shows itself in Jupyter kernels. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

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
  /** What a Jupyter kernel shows. */
  readonly [DISPLAY]: () => Record<string, unknown>;
}

const PLOTLY_MIME = "application/vnd.plotly.v1+json";
/** What a run may take in a saved notebook beside its figure. */
const SAVED_BYTES = 2 * 1024 * 1024;

/** What a notebook shows of a run: the trace, a figure, a still picture, and words. One without a step has words alone. */
export function runBundle(trace: () => RanksTrace, steps: number): Record<string, unknown> {
  if (steps === 0) return { "text/plain": "Distributed run: no step was made." };
  const whole = trace();
  return ranksBundle(whole, ranksFigure(whole));
}

/** @param figure for Plotly */
export function ranksBundle(whole: RanksTrace, figure: Figure): Record<string, unknown> {
  // Where the trace does not fit, figure and picture remain, and the whole is in the kernel.
  const { entry } = boundedEntry(
    RANKS_MIME,
    () => encodeRanksTrace(boundRanksTrace(whole, SAVED_BYTES)).data,
  );
  const still = stillEntry(() => ranksSvg(whole));
  return {
    [PLOTLY_MIME]: figure,
    "text/plain": ranksSummary(whole, still.missing),
    ...still.entry,
    ...entry,
  };
}

/** What a message about a run that goes on may take: ten a second stay far below what a server lets through. */
const LIVE_BYTES = 256 * 1024;

/** A run as it stands, for a cell that is still running: the trace, thinned, and words. */
export class RunningRun {
  readonly #trace: RanksTrace;

  constructor(trace: RanksTrace) {
    this.#trace = trace;
  }

  [DISPLAY](): Record<string, unknown> {
    const encode = () => encodeRanksTrace(boundRanksTrace(this.#trace, LIVE_BYTES)).data;
    return { ...boundedEntry(RANKS_MIME, encode).entry, "text/plain": ranksSummary(this.#trace) };
  }
}

/** What belongs beside every result of a method. */
export function notesOf({ name, method, options }: ChosenMethod): string[] {
  const warning =
    `${name} sends the samples themselves: the input of the first layer is the data. ` +
    `It saves bandwidth; it keeps nothing private.`;
  return [...(method.showsData ? [warning] : []), ...(method.notes?.(options) ?? [])];
}
