/** The eigenvalues of a real matrix without symmetry: Hessenberg form, then Francis' double-shift QR steps. */
import { OptionError } from "../errors.js";
import { NotConvergedError } from "../transforms/not-converged.js";
import { type Eigenvalues, byModulus, pairOf } from "./eigenvalue-list.js";

/** One eigenvalue takes two or three steps; this many are a cycle that shifts do not break. */
const MOST_STEPS = 60;
/** After so many steps without a split, a shift from outside. */
const STUCK = 10;

/** v, β of the reflection I − β v vᵀ that takes x to a multiple of e₀; β is 0 where x is that already. */
function reflection(x: readonly number[]): { readonly v: number[]; readonly beta: number } {
  const tail = Math.hypot(...x.slice(1));
  if (tail === 0) return { v: [...x], beta: 0 };
  const length = Math.hypot(x[0]!, tail);
  // Away from x, so that nothing cancels.
  const first = x[0]! + (x[0]! >= 0 ? length : -length);
  const v = [1, ...x.slice(1).map((entry) => entry / first)];
  return { v, beta: 2 / v.reduce((sum, entry) => sum + entry * entry, 0) };
}

interface Square {
  readonly data: Float64Array;
  readonly n: number;
}

const at = ({ data, n }: Square, i: number, j: number): number => data[i * n + j]!;

/** What a similarity touches: the rows it changes from column `left` on, the columns down to row `bottom`, within lo…hi. */
interface Window {
  readonly left: number;
  readonly bottom: number;
  readonly lo: number;
  readonly hi: number;
}

/** P·H·P, where P takes x to a multiple of e₀ and acts on the rows and columns from `first`. */
function reflect({ data, n }: Square, x: readonly number[], first: number, window: Window): void {
  const { v, beta } = reflection(x);
  if (beta === 0) return;
  const m = v.length;
  for (let j = window.left; j <= window.hi; j++) {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += v[i]! * data[(first + i) * n + j]!;
    for (let i = 0; i < m; i++) data[(first + i) * n + j]! -= beta * sum * v[i]!;
  }
  for (let i = window.lo; i <= window.bottom; i++) {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += v[j]! * data[i * n + first + j]!;
    for (let j = 0; j < m; j++) data[i * n + first + j]! -= beta * sum * v[j]!;
  }
}

/** Zeros below the first subdiagonal, by similarity. Golub & Van Loan, algorithm 7.4.2. */
function toHessenberg(a: Square): void {
  for (let k = 0; k + 2 < a.n; k++) {
    const below = Array.from({ length: a.n - k - 1 }, (_, i) => at(a, k + 1 + i, k));
    reflect(a, below, k + 1, { left: k, bottom: a.n - 1, lo: 0, hi: a.n - 1 });
    for (let i = k + 2; i < a.n; i++) a.data[i * a.n + k] = 0;
  }
}

/** One implicit double-shift step within rows and columns lo…hi. Golub & Van Loan, algorithm 7.5.1. */
function francisStep(a: Square, lo: number, hi: number, exceptional: boolean): void {
  const m = hi - 1;
  const w = Math.abs(at(a, hi, m)) + Math.abs(at(a, m, m - 1));
  const s = exceptional ? 1.5 * w : at(a, m, m) + at(a, hi, hi);
  const t = exceptional ? w * w : at(a, m, m) * at(a, hi, hi) - at(a, m, hi) * at(a, hi, m);
  const [h, below] = [at(a, lo, lo), at(a, lo + 1, lo)];
  let bulge = [
    h * h + at(a, lo, lo + 1) * below - s * h + t,
    below * (h + at(a, lo + 1, lo + 1) - s),
    below * at(a, lo + 2, lo + 1),
  ];
  for (let k = lo; k < hi; k++) {
    const size = Math.min(3, hi - k + 1);
    if (k > lo) bulge = Array.from({ length: size }, (_, i) => at(a, k + i, k - 1));
    reflect(a, bulge.slice(0, size), k, { left: Math.max(lo, k - 1), bottom: Math.min(k + 3, hi), lo, hi });
    for (let i = 1; i < size && k > lo; i++) a.data[(k + i) * a.n + k - 1] = 0;
  }
}

/** Where the lowest block that no zero splits begins; what is as good as zero becomes it. */
function blockStart(a: Square, hi: number): number {
  let lo = hi;
  for (; lo > 0; lo--) {
    const scale = Math.abs(at(a, lo - 1, lo - 1)) + Math.abs(at(a, lo, lo)) || 1;
    if (Math.abs(at(a, lo, lo - 1)) > Number.EPSILON * scale) continue;
    a.data[lo * a.n + lo - 1] = 0;
    break;
  }
  return lo;
}

/**
 * All n eigenvalues of a real n × n matrix, largest modulus first, conjugate pairs together.
 *
 * @param a [n, n] row-major, not changed; its entries finite
 * @throws OptionError for an entry that is not finite
 * @throws NotConvergedError where the QR steps do not split the matrix
 * @see Golub & Van Loan (2013), sections 7.4 and 7.5; Francis (1961)
 */
export function eigenvalues(a: Float64Array, n: number): Eigenvalues {
  const odd = a.find((entry) => !Number.isFinite(entry));
  if (odd !== undefined) throw new OptionError(`A matrix with an entry of ${odd} has no eigenvalues.`);
  const size = a.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  if (size === 0) return { re: new Float64Array(n), im: new Float64Array(n) };
  // Squares of entries come up on the way: of size 1 they neither overflow nor vanish.
  const h: Square = { data: a.map((entry) => entry / size), n };
  toHessenberg(h);
  const found: (readonly [re: number, im: number])[] = [];
  let steps = 0;
  for (let hi = n - 1; hi >= 0;) {
    const lo = blockStart(h, hi);
    if (lo < hi - 1) {
      if (++steps > MOST_STEPS)
        throw new NotConvergedError(
          `The eigenvalues of a ${n} × ${n} matrix were not found in ${steps} steps.`,
          a,
        );
      francisStep(h, lo, hi, steps % STUCK === 0);
      continue;
    }
    if (lo === hi) found.push([at(h, hi, hi), 0]);
    else found.push(...pairOf(at(h, lo, lo), at(h, lo, hi), at(h, hi, lo), at(h, hi, hi)));
    hi = lo - 1;
    steps = 0;
  }
  return byModulus(found.map(([re, im]) => [re * size, im * size]));
}
