/** Playback of a sequence of stored frames: what plays, where it stands, how fast; no DOM and no timer. */
import { advance, type Playhead } from "./clock.js";

export interface PlayerOptions {
  readonly frames: number;
  readonly rate: number;
  /** Where to stand at first. */
  readonly frame?: number;
  /** Blend between stored frames while playing; off when the reader asked for less motion. */
  readonly smooth?: boolean;
}

/** The longest step of the clock: a tab that comes back from the background does not jump. */
const MAX_STEP = 0.25;

export class Player {
  readonly frames: number;
  smooth: boolean;
  loop = false;
  rate: number;
  #head: Playhead;
  #lastTick: number | undefined;
  /** Until the reader has moved it, playing starts from the beginning. */
  #untouched = true;

  constructor({ frames, rate, frame = frames - 1, smooth = true }: PlayerOptions) {
    this.frames = frames;
    this.rate = rate;
    this.smooth = smooth;
    this.#head = { position: this.#clamp(frame), playing: false };
  }

  get playing(): boolean {
    return this.#head.playing;
  }

  /** The stored frame that is shown. */
  get frame(): number {
    return Math.floor(this.position);
  }

  /** The frame plus how far the blend to the next one has come. */
  get position(): number {
    const position = Math.min(this.#head.position, this.frames - 1);
    return this.smooth ? position : Math.floor(position);
  }

  play(): void {
    if (this.frames < 2 || this.playing) return;
    const restart = this.#untouched || this.#head.position >= this.frames - 1;
    this.#untouched = false;
    this.#lastTick = undefined;
    this.#head = { position: restart ? 0 : this.#head.position, playing: true };
  }

  pause(): void {
    this.#head = { position: this.frame, playing: false };
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Go to a frame and rest there. */
  seek(frame: number): void {
    this.#untouched = false;
    this.#head = { position: this.#clamp(frame), playing: false };
  }

  step(by: number): void {
    this.seek(this.frame + by);
  }

  /** Let the time pass up to `now`, in milliseconds. */
  tick(now: number): void {
    const seconds = this.#lastTick === undefined ? 0 : Math.max(0, now - this.#lastTick) / 1000;
    this.#lastTick = this.playing ? now : undefined;
    this.#head = advance(this.#head, Math.min(seconds, MAX_STEP), this);
  }

  #clamp(frame: number): number {
    return Math.min(Math.max(Math.round(frame) || 0, 0), this.frames - 1);
  }
}
