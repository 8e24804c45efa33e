/** The frame clock: where the playhead stands after some seconds. Pure, so that it can be tested without waiting. */

export interface Playhead {
  /** In frames, 0…frames − 1; beyond the last frame only while a loop rests there. */
  readonly position: number;
  readonly playing: boolean;
}

export interface ClockOptions {
  readonly frames: number;
  /** Frames per second. */
  readonly rate: number;
  readonly loop: boolean;
}

/** Seconds that a loop rests on its last frame, the one that readers want to see. */
const REST = 0.8;

/** Rates on offer, in frames per second. */
export const RATES = [1, 2, 5, 10, 20, 60] as const;
/** Rates on offer to readers who asked for less motion. */
export const CALM_RATES = [0.5, 1, 2] as const;

/** Advance a playing head by `seconds`; a resting one stays. */
export function advance(head: Playhead, seconds: number, { frames, rate, loop }: ClockOptions): Playhead {
  const last = frames - 1;
  if (!head.playing) return head;
  if (last < 1) return { position: 0, playing: false };
  const position = head.position + seconds * rate;
  if (!loop) return position >= last ? { position: last, playing: false } : { position, playing: true };
  const round = last + REST * rate;
  return { position: position >= round ? (position - round) % round : position, playing: true };
}

/** A rate at which the whole takes at most about eight seconds, and a short solve is not rushed through. */
export function chooseRate(frames: number, rates: readonly number[] = RATES): number {
  const usable = rates.filter((rate) => rate >= 2);
  return usable.find((rate) => (frames - 1) / rate <= 8) ?? rates.at(-1)!;
}
