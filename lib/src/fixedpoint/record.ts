/** The record of a solve: its residuals, iteration by iteration, however many there turn out to be. */
import type { AttentionResiduals } from "../trace/index.js";
import type { Residual } from "./residual.js";

/** Residuals of K iterations over N tokens, in the form in which traces carry them. */
export type ResidualTrace = AttentionResiduals;

export class ResidualRecorder {
  readonly #absolute: number[] = [];
  readonly #relative: number[] = [];
  readonly #perToken: Float32Array[] = [];

  add({ absolute, relative, perToken }: Residual): void {
    this.#absolute.push(absolute);
    this.#relative.push(relative);
    this.#perToken.push(Float32Array.from(perToken));
  }

  trace(): ResidualTrace {
    const tokens = this.#perToken[0]?.length ?? 0;
    const perToken = new Float32Array(this.#perToken.length * tokens);
    this.#perToken.forEach((row, k) => perToken.set(row, k * tokens));
    return {
      absolute: Float64Array.from(this.#absolute),
      relative: Float64Array.from(this.#relative),
      perToken,
    };
  }
}
