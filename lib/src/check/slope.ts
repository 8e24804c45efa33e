/** A numerical derivative whose step is chosen by its own error: Ridders' extrapolation. */

const SHRINK = 1.4;
const ROUNDS = 12;
/** How often a first step is halved that leads out of where the function has values. */
const HALVINGS = 30;

/** A difference met something that is no number. */
export class NonFiniteStepError extends Error {
  override readonly name = "NonFiniteStepError";
  readonly step: number;
  readonly value: number;

  constructor(step: number, value: number) {
    super(`f is ${value} at a step of ${step.toPrecision(3)}`);
    this.step = step;
    this.value = value;
  }
}

/** After a step that led out, so much nearer to x: an extrapolation from the edge of the domain is worth nothing. */
const AWAY = 16;

/**
 * f′(0) by polynomial extrapolation of central differences with ever smaller steps, until the error grows again. A first step
 * that leads to what is no finite number is made smaller.
 *
 * @param step the first step, large; about a hundredth of the scale on which f changes
 * @param met told of a step that led to what is no finite number, once
 * @throws NonFiniteStepError where the function has no finite value even after the smallest step
 * @see Ridders (1982), Advances in Engineering Software 4
 */
export function slope(
  f: (h: number) => number,
  step: number,
  met?: (error: NonFiniteStepError) => void,
): number {
  const difference = (h: number): number => (f(h) - f(-h)) / (2 * h);
  let h = step;
  let first = difference(h);
  const failure = (): NonFiniteStepError => {
    const ahead = f(h);
    return Number.isFinite(ahead) ? new NonFiniteStepError(-h, f(-h)) : new NonFiniteStepError(h, ahead);
  };
  if (!Number.isFinite(first)) {
    met?.(failure());
    for (let halving = 0; !Number.isFinite(first); halving++) {
      if (halving === HALVINGS) throw failure();
      h /= 2;
      first = difference(h);
    }
    h /= AWAY;
    first = difference(h);
  }
  let previous: number[] = [first];
  let best = first;
  let error = Infinity;
  for (let round = 1; round < ROUNDS; round++) {
    h /= SHRINK;
    const row = [difference(h)];
    let factor = SHRINK * SHRINK;
    for (let j = 1; j <= round; j++) {
      row[j] = (row[j - 1]! * factor - previous[j - 1]!) / (factor - 1);
      factor *= SHRINK * SHRINK;
      const estimate = Math.max(Math.abs(row[j]! - row[j - 1]!), Math.abs(row[j]! - previous[j - 1]!));
      if (estimate <= error) {
        error = estimate;
        best = row[j]!;
      }
    }
    if (Math.abs(row[round]! - previous[round - 1]!) >= 2 * error) break;
    previous = row;
  }
  return best;
}

/** The scale on which a function of these numbers is taken to change, by a hundred: the first step of `slope`. */
export function scaleOf(at: ArrayLike<number>): number {
  let most = 1e-3;
  for (let i = 0; i < at.length; i++) most = Math.max(most, Math.abs(at[i]!));
  return most * 1e-2;
}

/** How far a is from b, relative to 1 + |b|. */
export const relative = (a: number, b: number): number => {
  if (Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const error = Math.abs(a - b) / (1 + Math.abs(b));
  return Number.isNaN(error) ? Infinity : error;
};
