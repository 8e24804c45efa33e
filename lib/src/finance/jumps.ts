/** Where a payoff jumps: found by halving the way between two paths until nothing but a jump can be left between them. */
import { primalOf, type Scalar } from "../ad/recorded.js";
import { philox } from "../random/philox.js";
import type { Setting } from "./estimator.js";
import type { Parameters } from "./parameters.js";

export interface Jump {
  /** What the payoff is on either side. */
  readonly from: number;
  readonly to: number;
  /** The last value of the path there. */
  readonly end: number;
}

/** Ways between paths: along all normals at once, as far as ±4 standard deviations of their sum, and between drawn paths. */
const DRAWN_WAYS = 3;
const PIECES = 64;
/** Of the pieces of a way, those with the largest differences; where a payoff is steep a small jump may stay unseen. */
const LOOKED_AT = 8;
const HALVINGS = 48;
/** Relative to the payoff; what is continuous differs by 2⁻⁵⁴ of the way's length times its slope. */
const REMAINS = 1e-6;

/** A jump of the payoff, or none: that some jump was not met is possible, that what is told is none is not. */
export function jumpOf<P extends Parameters>(setting: Setting<P>): Jump | undefined {
  for (const way of waysOf(setting.model.steps)) {
    const jump = jumpAlong(setting, way);
    if (jump) return jump;
  }
  return undefined;
}

/** From normals (t = 0) to others (t = 1). */
type Way = (t: number) => number[];

function* waysOf(normals: number): Generator<Way> {
  const most = 4 / Math.sqrt(normals);
  yield (t) => new Array<number>(normals).fill((2 * t - 1) * most);
  const stream = philox(0);
  for (let k = 0; k < DRAWN_WAYS; k++) {
    const [from, to] = [stream.normals(normals), stream.normals(normals)];
    yield (t) => Array.from(from, (z, i) => (1 - t) * z + t * to[i]!);
  }
}

function jumpAlong<P extends Parameters>({ model, payoff, p }: Setting<P>, way: Way): Jump | undefined {
  const paid = (t: number): number => {
    try {
      return Number(primalOf(payoff(model.path(p, way(t)), p) as Scalar));
    } catch {
      // A path that no simulation has drawn may be one that the payoff refuses; that says nothing of jumps.
      return NaN;
    }
  };
  const values = Array.from({ length: PIECES + 1 }, (_, k) => paid(k / PIECES));
  const scale = Math.max(...values.map(Math.abs));
  const isJump = (difference: number) => Math.abs(difference) > REMAINS * scale;
  const pieces = values
    .slice(1)
    .map((value, k) => ({ k, difference: value - values[k]! }))
    .filter(({ difference }) => isJump(difference))
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
    .slice(0, LOOKED_AT);
  for (const { k } of pieces) {
    let [low, high] = [k / PIECES, (k + 1) / PIECES];
    let [from, to] = [values[k]!, values[k + 1]!];
    for (let halving = 0; halving < HALVINGS && isJump(to - from); halving++) {
      const middle = (low + high) / 2;
      const value = paid(middle);
      if (Math.abs(value - from) > Math.abs(to - value)) [high, to] = [middle, value];
      else [low, from] = [middle, value];
    }
    if (isJump(to - from)) return { from, to, end: model.path(p, way(high)).at(-1)! };
  }
  return undefined;
}
