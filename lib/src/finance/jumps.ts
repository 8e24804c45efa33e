/** Where a payoff jumps: found by halving the way between two paths until nothing but a jump can be left between them. */
import { primalOf, type Scalar } from "../ad/recorded.js";
import { philox } from "../random/philox.js";
import type { Setting } from "./estimator.js";
import type { Parameters } from "./parameters.js";
import { watched } from "./watched.js";

export interface Jump {
  /** What the payoff is on either side. */
  readonly from: number;
  readonly to: number;
  /** [assets] the last values of the path there. */
  readonly ends: readonly number[];
  /** Whether the payoff reads more of that path than its last date. */
  readonly readsEarlier: boolean;
}

/** Ways between paths go as far as ±4 standard deviations of a sum of normals; so many go between paths that are drawn. */
const FAR = 4;
const DRAWN_WAYS = 8;
const PIECES = 64;
/** Of the pieces of a way, those with the largest differences; where a payoff is steep a small jump may stay unseen. */
const LOOKED_AT = 8;
const HALVINGS = 48;
/** A jump is as large after so many halvings more; a steep or rounded function is not. */
const LAST_HALVINGS = 10;
/** What is taken for 0, relative to the payoff, and to the values of the path: what these are rounded by. */
const REMAINS = 1e-6;
const ROUNDING = 1e-10;

/** A jump of the payoff, or none: that some jump was not met is possible. */
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
  const most = FAR / Math.sqrt(normals);
  yield (t) => new Array<number>(normals).fill((2 * t - 1) * most);
  // First one way and then the other: what a barrier sees, whatever the end.
  yield (t) => Array.from({ length: normals }, (_, i) => (2 * t - 1) * (2 * i < normals ? most : -most));
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
      // A path that no simulation has drawn may be one that the payoff refuses.
      return NaN;
    }
  };
  const values = Array.from({ length: PIECES + 1 }, (_, k) => paid(k / PIECES));
  const scale = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));
  const least = Math.max(REMAINS * scale, ROUNDING * Math.max(...model.path(p, way(1)).map(Math.abs)));
  const isJump = (difference: number) => Number.isFinite(difference) && Math.abs(difference) > least;
  const pieces = values
    .slice(1)
    .map((value, k) => ({ k, difference: value - values[k]! }))
    .filter(({ difference }) => isJump(difference))
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
    .slice(0, LOOKED_AT);
  for (const { k } of pieces) {
    let [low, high] = [k / PIECES, (k + 1) / PIECES];
    let [from, to] = [values[k]!, values[k + 1]!];
    let earlier = 0;
    for (let halving = 0; halving < HALVINGS && isJump(to - from); halving++) {
      if (halving === HALVINGS - LAST_HALVINGS) earlier = Math.abs(to - from);
      const middle = (low + high) / 2;
      const value = paid(middle);
      if (Math.abs(value - from) > Math.abs(to - value)) [high, to] = [middle, value];
      else [low, from] = [middle, value];
    }
    if (!isJump(to - from) || Math.abs(to - from) < earlier / 2) continue;
    const path = model.path(p, way(high));
    const last = path.length - model.assets;
    let readsEarlier = false;
    payoff(
      watched(path, (key) => (readsEarlier ||= Number(key) < last)),
      p,
    );
    return { from, to, ends: path.slice(last), readsEarlier };
  }
  return undefined;
}
