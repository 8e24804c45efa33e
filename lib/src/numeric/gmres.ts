/** GMRES: a linear system of which only products with the matrix are known. */
import { checkCount, checkOptionNames, checkPositive } from "../options.js";

export interface GmresOptions {
  /** |b − A x| ≤ tolerance · |b| counts as solved. */
  readonly tolerance?: number;
  /** Vectors that are kept before it begins anew from what it has; default 50. */
  readonly restart?: number;
  /** Products with the matrix; default 1000. */
  readonly maxIterations?: number;
}

export interface GmresResult {
  readonly x: Float64Array;
  /** |b − A x| / |b|, computed and not estimated. */
  readonly residual: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** a += c b */
function addTo(a: Float64Array, c: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i]! += c * b[i]!;
}

/**
 * Solve A x = b, from x = 0. With exact arithmetic n products are enough for n unknowns; each cycle of `restart` products makes the
 * residual no larger.
 *
 * @param apply x ↦ A x; keeps no hold of its argument, and gives a new array
 * @param b [n]
 * @param options its tolerance is 1e-12 when not given
 * @returns the best x; `converged` is false, never silent, where the tolerance was not met
 * @see Saad & Schultz (1986), algorithm 4
 */
export function gmres(
  apply: (x: Float64Array) => Float64Array,
  b: Float64Array,
  options: GmresOptions = {},
): GmresResult {
  checkOptionNames(options, ["tolerance", "restart", "maxIterations"], "gmres");
  const tolerance = checkPositive(options.tolerance ?? 1e-12, "tolerance");
  const restart = checkCount(options.restart ?? 50, "restart", 1, 10_000);
  const most = checkCount(options.maxIterations ?? 1000, "maxIterations", 1, 1e9);
  const scale = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (scale === 0) return { x: new Float64Array(b.length), residual: 0, iterations: 0, converged: true };
  // Squares of what is tiny are 0, and of what is huge ∞: the system is solved for a right side of size 1.
  const unit = b.map((value) => value / scale);
  const solved = solveUnit(apply, unit, tolerance, restart, most);
  return { ...solved, x: solved.x.map((value) => value * scale) };
}

function solveUnit(
  apply: (x: Float64Array) => Float64Array,
  b: Float64Array,
  tolerance: number,
  restart: number,
  most: number,
): GmresResult {
  const size = norm(b);
  const x = new Float64Array(b.length);

  const residualOf = (): Float64Array => {
    const r = Float64Array.from(b);
    addTo(r, -1, apply(x));
    return r;
  };
  let iterations = 0;
  let r: Float64Array = Float64Array.from(b);
  let residual = 1;
  let before = Infinity;
  // A cycle that gains nothing will gain nothing again.
  while (residual > tolerance && iterations < most && residual < before) {
    before = residual;
    const step = cycle(apply, r, tolerance * size, Math.min(restart, most - iterations));
    iterations += step.products;
    addTo(x, 1, step.x);
    r = residualOf();
    residual = norm(r) / size;
    if (!Number.isFinite(residual)) break;
  }
  return { x, residual, iterations, converged: residual <= tolerance };
}

/** One cycle from 0: the x of the Krylov space of r that leaves the smallest |r − A x|. */
function cycle(
  apply: (x: Float64Array) => Float64Array,
  r: Float64Array,
  goal: number,
  most: number,
): { readonly x: Float64Array; readonly products: number } {
  const beta = norm(r);
  const basis = [r.map((value) => value / beta)];
  /** The triangle that is left of the Hessenberg matrix, by columns, and the rotations that took the rest. */
  const columns: number[][] = [];
  const rotations: (readonly [c: number, s: number])[] = [];
  const right = [beta];
  let k = 0;
  while (k < most && Math.abs(right[k]!) > goal) {
    const w = apply(basis[k]!);
    const length = norm(w);
    const column: number[] = [];
    // Twice, because once leaves the vectors less orthogonal than the tolerance.
    for (let pass = 0; pass < 2; pass++)
      for (let i = 0; i <= k; i++) {
        const h = dot(w, basis[i]!);
        column[i] = (column[i] ?? 0) + h;
        addTo(w, -h, basis[i]!);
      }
    const next = norm(w);
    rotations.forEach(([c, s], i) => {
      const [upper, lower] = [column[i]!, column[i + 1]!];
      column[i] = c * upper + s * lower;
      column[i + 1] = c * lower - s * upper;
    });
    const diagonal = Math.hypot(column[k]!, next);
    // The matrix takes this direction to nothing that is new: it has no share in a solution.
    if (!(diagonal > 1e-14 * length)) break;
    const [c, s] = [column[k]! / diagonal, next / diagonal];
    rotations.push([c, s]);
    column[k] = diagonal;
    columns.push(column);
    right[k + 1] = -s * right[k]!;
    right[k] = c * right[k]!;
    k++;
    // The space is invariant: it has the solution.
    if (next <= 1e-300 || next <= 1e-15 * diagonal) break;
    basis.push(w.map((value) => value / next));
  }
  const x = new Float64Array(r.length);
  const y = new Float64Array(k);
  for (let i = k - 1; i >= 0; i--) {
    let sum = right[i]!;
    for (let j = i + 1; j < k; j++) sum -= columns[j]![i]! * y[j]!;
    y[i] = sum / columns[i]![i]!;
    addTo(x, y[i]!, basis[i]!);
  }
  return { x, products: Math.max(k, 1) };
}
