/** Leading eigenvalues of a matrix of which only products with it are known: Arnoldi's method. */
import { mulberry32 } from "../random/mulberry32.js";
import { normal } from "../random/normal.js";
import { byModulus, type Eigenvalues } from "./eigenvalue-list.js";
import { eigenvalues } from "./eigenvalues.js";

export interface LeadingOptions {
  /** The most products; default 96. */
  readonly most?: number;
  /** An eigenvalue counts as found when more products move it by at most this share of the largest; default 1e-4. */
  readonly tolerance?: number;
  /** So many settled ones are enough; default 4. */
  readonly enough?: number;
  /** Up to this size all of the matrix is made, column by column; default 96. */
  readonly dense?: number;
}

export const DENSE = 96;
/** Products between two looks. */
const STRIDE = 12;
/** To see what a solve does. */
const ENOUGH = 4;
/** Where the start is drawn from: the same for everyone, so that a solve gives the same numbers twice. */
const SEED = 1;

/** a += c b */
function addTo(a: Float64Array, c: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i]! += c * b[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const norm = (v: Float64Array): number => Math.sqrt(dot(v, v));

/** The whole matrix from its products with the unit vectors. */
function dense(apply: (v: Float64Array) => Float64Array, n: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const unit = new Float64Array(n);
    unit[j] = 1;
    apply(unit).forEach((entry, i) => (a[i * n + j] = entry));
  }
  return a;
}

/** Those of `now` that were there before, largest first, up to the first that was not. */
function settled(now: Eigenvalues, before: Eigenvalues, tolerance: number): Eigenvalues {
  const near = tolerance * Math.hypot(now.re[0] ?? 0, now.im[0] ?? 0);
  const there = (i: number) =>
    before.re.some((re, j) => Math.hypot(re - now.re[i]!, before.im[j]! - now.im[i]!) <= near);
  let kept = 0;
  while (kept < now.re.length && there(kept)) kept++;
  return { re: now.re.slice(0, kept), im: now.im.slice(0, kept) };
}

/**
 * The eigenvalues of largest modulus of a real n × n matrix: all of them of a small one, of a large one those that `most` products
 * settle, at least the largest.
 *
 * @param apply v ↦ A v; keeps no hold of its argument, and gives a new array
 * @returns largest modulus first; undefined where not even the largest has settled
 * @throws OptionError where a product is not finite
 * @see Arnoldi (1951); Saad (2011), algorithm 6.2, with every vector orthogonalised twice
 */
export function leadingEigenvalues(
  apply: (v: Float64Array) => Float64Array,
  n: number,
  { most = DENSE, tolerance = 1e-4, enough = ENOUGH, dense: small = DENSE }: LeadingOptions = {},
): Eigenvalues | undefined {
  if (n <= small) return eigenvalues(dense(apply, n), n);
  const uniform = mulberry32(SEED);
  const start = Float64Array.from({ length: n }, () => normal(uniform));
  const length = norm(start);
  const basis = [start.map((entry) => entry / length)];
  const columns: Float64Array[] = [];
  let before: Eigenvalues = byModulus([]);
  for (let k = 0; k < most; k++) {
    const w = apply(basis[k]!);
    const size = norm(w);
    const column = new Float64Array(k + 2);
    for (let pass = 0; pass < 2; pass++)
      basis.forEach((v, i) => {
        const h = dot(w, v);
        column[i]! += h;
        addTo(w, -h, v);
      });
    const next = norm(w);
    column[k + 1] = next;
    columns.push(column);
    // Nothing new: the space holds its eigenvalues exactly.
    if (!(next > 1e-12 * size)) return hessenbergOf(columns);
    if ((k + 1) % STRIDE === 0 || k + 1 === most) {
      const now = hessenbergOf(columns);
      const found = settled(now, before, tolerance);
      if (found.re.length >= (k + 1 === most ? 1 : enough)) return found;
      before = now;
    }
    basis.push(w.map((entry) => entry / next));
  }
  return undefined;
}

function hessenbergOf(columns: readonly Float64Array[]): Eigenvalues {
  const m = columns.length;
  const h = new Float64Array(m * m);
  columns.forEach((column, j) => column.forEach((entry, i) => i < m && (h[i * m + j] = entry)));
  return eigenvalues(h, m);
}
