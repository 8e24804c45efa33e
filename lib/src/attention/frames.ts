/** Keeping the attention of every iteration of a solve, within a bound on memory. */
import type { Matrix } from "../matrix.js";
import { type AttentionFrames, type Omission, thinIterations } from "../trace/index.js";

/** Memory that stored frames may take while a solve runs. */
const FRAME_MEMORY = 64 * 1024 * 1024;

interface Frame {
  readonly iteration: number;
  /** [H, N, N] */
  readonly weights: Float32Array;
}

export class FrameRecorder {
  #frames: Frame[] = [];
  #best: Frame | undefined;
  #last: Frame | undefined;
  #iterations = 0;
  readonly #memory: number;

  constructor(memory = FRAME_MEMORY) {
    this.#memory = memory;
  }

  /** Store the attention of the next iteration. */
  add(attention: readonly Matrix[], best: boolean): void {
    const size = attention[0]!.data.length;
    const weights = new Float32Array(attention.length * size);
    attention.forEach(({ data }, h) => weights.set(data, h * size));
    this.#last = { iteration: this.#iterations++, weights };
    if (best) this.#best = this.#last;
    this.#frames.push(this.#last);
    const room = Math.max(2, Math.floor(this.#memory / weights.byteLength));
    if (this.#frames.length > room) {
      const kept = thinIterations(this.#frames.length, Math.max(1, Math.floor(room / 2)));
      this.#frames = kept.map((position) => this.#frames[position]!);
    }
  }

  /** The frames kept, and the statement of what was not. */
  finish(): { frames: AttentionFrames; omissions: Omission[] } {
    const kept = new Map(this.#frames.map((frame) => [frame.iteration, frame]));
    for (const frame of [this.#best, this.#last]) if (frame) kept.set(frame.iteration, frame);
    const frames = [...kept.values()].sort((a, b) => a.iteration - b.iteration);
    const size = frames[0]?.weights.length ?? 0;
    const weights = new Float32Array(frames.length * size);
    frames.forEach((frame, f) => weights.set(frame.weights, f * size));
    const iterations = Int32Array.from(frames, ({ iteration }) => iteration);
    const omissions: Omission[] = [];
    if (frames.length < this.#iterations) {
      const reason = `the memory for them is bounded to ${this.#memory / 2 ** 20} MiB`;
      omissions.push({ what: "iterations", kept: frames.length, of: this.#iterations, reason });
    }
    return { frames: { iterations, weights }, omissions };
  }
}
