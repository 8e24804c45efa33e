/** What is kept of a training run that is watched: numbers and attention by step, within a bound on memory. */
import { attentionDrift, tokenSpread } from "../attention/diagnosis.js";
import type { Matrix } from "../matrix.js";
import { row } from "../matrix.js";
import { type AttentionTrace, type Omission, thinIterations } from "../trace/index.js";
import type { AttentionLook } from "./attention-look.js";

/** Memory that the attention of the steps may take. */
const PICTURE_MEMORY = 64 * 1024 * 1024;
/** The most steps, and the most residuals of tokens, that are kept. */
const [MOST_STEPS, MOST_RESIDUALS] = [2048, 2 ** 18];

export interface RecordedStep {
  readonly step: number;
  readonly look: AttentionLook;
  readonly spectralRadius: number;
  /** By name. */
  readonly numbers: ReadonlyMap<string, number>;
}

interface Row extends Omit<RecordedStep, "look"> {
  readonly absolute: number;
  readonly relative: number;
  /** [tokens] */
  readonly perToken: Float32Array;
  readonly drift: number;
  readonly spread: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** [H, N, N] */
  weights: Float32Array | undefined;
}

/** What of a trace comes from the steps. */
export type Recorded = Pick<AttentionTrace, "frames" | "residuals" | "drift" | "tokenSpread" | "training" | "omissions">; // prettier-ignore

const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));

/** ‖f(z) − z‖ of the whole and of each token. */
function residualsOf({ z, value }: AttentionLook): Pick<Row, "absolute" | "relative" | "perToken"> {
  const change: Matrix = { ...z, data: value.data.map((entry, i) => entry - z.data[i]!) };
  const absolute = norm(change.data);
  const perToken = Float32Array.from({ length: z.rows }, (_, i) => norm(row(change, i)) / Math.max(norm(row(z, i)), 1e-8)); // prettier-ignore
  return { absolute, relative: absolute / Math.max(norm(z.data), 1e-8), perToken };
}

export class TrainingRecord {
  #rows: Row[] = [];
  #before: readonly Matrix[] | undefined;
  #stride: number;
  #steps = 0;
  readonly #memory: number;
  readonly #most: number | undefined;

  /**
   * @param every the steps between two that are kept
   * @param most the steps that are kept at most; otherwise by the number of tokens
   * @param memory bytes that the attention of the steps may take
   */
  constructor(every: number, most?: number, memory = PICTURE_MEMORY) {
    this.#stride = every;
    this.#most = most;
    this.#memory = memory;
  }

  /** Whether a step is one of those that are kept. */
  wants(step: number): boolean {
    return step % this.#stride === 0;
  }

  has(step: number): boolean {
    return this.#rows.at(-1)?.step === step;
  }

  add({ step, look, spectralRadius, numbers }: RecordedStep): void {
    const { attention, info, z } = look;
    const size = attention[0]!.data.length;
    const weights = new Float32Array(attention.length * size);
    attention.forEach(({ data }, h) => weights.set(data, h * size));
    this.#steps = step + 1;
    this.#rows.push({
      step,
      spectralRadius,
      numbers,
      ...residualsOf(look),
      drift: this.#before ? attentionDrift(attention, this.#before) : NaN,
      spread: tokenSpread(z),
      iterations: info.iterations,
      converged: info.converged,
      weights,
    });
    this.#before = attention;
    this.#thin(z.rows, weights.byteLength);
  }

  /** Numbers: every second step goes, the last stays. Attention: as the frames of a solve. */
  #thin(tokens: number, bytes: number): void {
    const most = this.#most ?? Math.max(16, Math.min(MOST_STEPS, Math.floor(MOST_RESIDUALS / tokens)));
    if (this.#rows.length > most) {
      this.#stride *= 2;
      const last = this.#rows.at(-1);
      this.#rows = this.#rows.filter((each) => each === last || this.wants(each.step));
    }
    const pictured = this.#rows.filter(({ weights }) => weights);
    const room = Math.max(2, Math.floor(this.#memory / bytes));
    if (pictured.length <= room) return;
    const kept = new Set(thinIterations(pictured.length, Math.max(1, Math.floor(room / 2))));
    pictured.forEach((each, i) => kept.has(i) || (each.weights = undefined));
  }

  /** @param every as the reader asked: more than that between two steps is an omission */
  finish(every: number, hasRadius: boolean): Recorded {
    const rows = this.#rows;
    const floats = (of: (each: Row) => number) => Float64Array.from(rows, of);
    const pictured = rows.flatMap(({ weights }, k) => (weights ? [{ k, weights }] : []));
    const size = pictured[0]?.weights.length ?? 0;
    const weights = new Float32Array(pictured.length * size);
    pictured.forEach((each, f) => weights.set(each.weights, f * size));
    const perToken = new Float32Array(rows.length * (rows[0]?.perToken.length ?? 0));
    rows.forEach((each, k) => perToken.set(each.perToken, k * each.perToken.length));
    const names = [...new Set(rows.flatMap(({ numbers }) => [...numbers.keys()]))];
    const omissions: Omission[] = [];
    if (this.#stride > every)
      omissions.push({ what: "training steps", kept: rows.length, of: this.#steps, reason: "the memory for them is bounded" }); // prettier-ignore
    if (pictured.length < rows.length)
      omissions.push({ what: "pictures", kept: pictured.length, of: rows.length, reason: `the memory for them is bounded to ${this.#memory / 2 ** 20} MiB` }); // prettier-ignore
    return {
      frames: { iterations: Int32Array.from(pictured, ({ k }) => k), weights },
      residuals: {
        absolute: floats(({ absolute }) => absolute),
        relative: floats(({ relative }) => relative),
        perToken,
      },
      drift: floats(({ drift }) => drift),
      tokenSpread: floats(({ spread }) => spread),
      training: {
        steps: Int32Array.from(rows, ({ step }) => step),
        iterations: Int32Array.from(rows, ({ iterations }) => iterations),
        converged: Uint8Array.from(rows, ({ converged }) => Number(converged)),
        ...(hasRadius && { spectralRadius: floats(({ spectralRadius }) => spectralRadius) }),
        series: names.map((name) => ({ name, values: floats(({ numbers }) => numbers.get(name) ?? NaN) })),
      },
      omissions,
    };
  }
}
