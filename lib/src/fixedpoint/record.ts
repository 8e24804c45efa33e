/** The record of a solve: its residuals, iteration by iteration, however many there turn out to be. */
import type { AttentionResiduals } from "../trace/index.js";
import type { Residual } from "./residual.js";

/** Residuals of K iterations over N tokens, in the form in which traces carry them. */
export type ResidualTrace = AttentionResiduals;

export class ResidualRecorder {
  readonly #absolute: number[] = [];
  readonly #relative: number[] = [];
  readonly #perToken: Float32Array[] = [];

  readonly #tolerance: number;
  #stoppedAt = new Int32Array();

  /** @param tolerance below which a token counts as stopped */
  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  /** [tokens] the iteration since which the token's own residual has been at most the tolerance; −1 where it is above. */
  get stoppedAt(): Int32Array {
    return this.#stoppedAt.slice();
  }

  add({ absolute, relative, perToken, ofTokens }: Residual): void {
    const iteration = this.#absolute.length;
    if (iteration === 0) this.#stoppedAt = new Int32Array(ofTokens.length).fill(-1);
    ofTokens.forEach((residual, i) => {
      if (!(residual <= this.#tolerance)) this.#stoppedAt[i] = -1;
      else if (this.#stoppedAt[i] === -1) this.#stoppedAt[i] = iteration;
    });
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
      stoppedAt: this.stoppedAt,
    };
  }
}
