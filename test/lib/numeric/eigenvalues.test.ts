/** Eigenvalues against matrices whose spectrum is known, and the laws that every spectrum obeys. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { eigenvalues, matmul, matrix, mulberry32, normalMatrix } from "cotangent";

type Spectrum = readonly (readonly [re: number, im: number])[];

const spectrumOf = (rows: readonly (readonly number[])[]): Spectrum => {
  const { re, im } = eigenvalues(matrix(rows).data, rows.length);
  return Array.from(re, (x, i) => [x, im[i]!] as const);
};

/** Every wanted eigenvalue has a found one of its own. */
function same(found: Spectrum, wanted: Spectrum, tolerance: number): void {
  assert.equal(found.length, wanted.length);
  const left = [...found];
  for (const [re, im] of wanted) {
    const gaps = left.map(([x, y]) => Math.hypot(x - re, y - im));
    const at = gaps.indexOf(Math.min(...gaps));
    assert.ok(gaps[at]! <= tolerance, `${re} + ${im}i is missing by ${gaps[at]}`);
    left.splice(at, 1);
  }
}

/** The companion matrix of the monic polynomial with these real roots and conjugate pairs. */
function companion(roots: Spectrum): number[][] {
  let polynomial: [number, number][] = [[1, 0]];
  for (const [re, im] of roots) {
    const next = [...polynomial, [0, 0] as [number, number]].map(([a, b]): [number, number] => [a, b]);
    polynomial.forEach(([a, b], i) => {
      next[i + 1]![0] -= a * re - b * im;
      next[i + 1]![1] -= a * im + b * re;
    });
    polynomial = next;
  }
  const n = roots.length;
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === 0 ? -polynomial[j + 1]![0] : Number(i === j + 1))),
  );
}

const seeded = (n: number, seed: number): number[][] => {
  const { data } = normalMatrix(mulberry32(seed), n, n);
  return Array.from({ length: n }, (_, i) => [...data.subarray(i * n, (i + 1) * n)]);
};

describe("the eigenvalues of a real matrix", () => {
  it("are the diagonal of a triangular one", () => {
    same(spectrumOf([[3, 5, -2], [0, -1, 7], [0, 0, 0.5]]), [[3, 0], [-1, 0], [0.5, 0]], 1e-14); // prettier-ignore
  });

  it("are the roots of unity for a cyclic shift, where every plain shift stalls", () => {
    for (const n of [2, 3, 4, 7, 12]) {
      const shift = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(j === (i + 1) % n))); // prettier-ignore
      const roots = Array.from({ length: n }, (_, k): [number, number] => [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)]); // prettier-ignore
      same(spectrumOf(shift), roots, 1e-13);
    }
  });

  it("are the roots of a companion matrix's polynomial", () => {
    const root = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -6, max: 6 }), { maxLength: 4 }),
        fc.uniqueArray(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 2, selector: String }), // prettier-ignore
        root,
        (real, pairs, scale) => {
          fc.pre(Math.abs(scale) > 0.3);
          const roots = [...real.map((x): [number, number] => [x * scale, 0]), ...pairs.flatMap(([a, b]): [number, number][] => [[a * scale, b * scale], [a * scale, -b * scale]])]; // prettier-ignore
          const size = Math.max(1, ...roots.map(([re, im]) => Math.hypot(re, im)));
          same(spectrumOf(companion(roots)), roots, 1e-5 * size);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  it("are what stood on the diagonal, after any similarity", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 24 }), (seed, n) => {
        // Q from Householder's reflection of a seeded vector: orthogonal, so that nothing is amplified.
        const v = [...normalMatrix(mulberry32(seed), 1, n).data];
        const square = v.reduce((sum, x) => sum + x * x, 0);
        const q = matrix(v.map((x, i) => v.map((y, j) => Number(i === j) - (2 * x * y) / square)));
        const wanted = Array.from({ length: n }, (_, i): [number, number] => [(i % 2 ? -1 : 1) * (i + 1), 0]);
        const triangle = matrix(seeded(n, seed + 1).map((line, i) => line.map((x, j) => (i === j ? wanted[i]![0] : j > i ? 0.1 * x : 0)))); // prettier-ignore
        const a = matmul(matmul(q, triangle), q);
        const { re, im } = eigenvalues(a.data, n);
        same(Array.from(re, (x, i) => [x, im[i]!] as const), wanted, 1e-8 * n); // prettier-ignore
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("sum to the trace, their squares to the trace of the square, and come in conjugate pairs, largest first", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, n) => {
        const rows = seeded(n, seed);
        const found = spectrumOf(rows);
        const square = matmul(matrix(rows), matrix(rows)).data;
        const traceOf = (entry: (i: number) => number) => rows.reduce((sum, _, i) => sum + entry(i), 0);
        const sum = (of: (re: number, im: number) => number) => found.reduce((s, [re, im]) => s + of(re, im), 0); // prettier-ignore
        assert.ok(Math.abs(sum((re) => re) - traceOf((i) => rows[i]![i]!)) < 1e-10 * n);
        assert.ok(Math.abs(sum((_, im) => im)) < 1e-10);
        const squares = sum((re, im) => re * re - im * im);
        assert.ok(Math.abs(squares - traceOf((i) => square[i * n + i]!)) < 1e-9 * n * n);
        found.forEach(([re, im], i) => {
          if (i > 0) assert.ok(Math.hypot(re, im) <= Math.hypot(...found[i - 1]!) * (1 + 1e-12));
          if (im > 0) assert.deepEqual(found[i + 1], [re, -im]);
        });
      }),
      { seed: 5, numRuns: 80 },
    );
  });

  it("multiply to the determinant", () => {
    const found = spectrumOf([[2, -1, 0.5], [3, 4, 1], [-2, 0, 1]]); // prettier-ignore
    const [re, im] = found.reduce<readonly [number, number]>(([a, b], [c, d]) => [a * c - b * d, a * d + b * c], [1, 0]); // prettier-ignore
    assert.ok(Math.abs(re - 17) < 1e-12 && Math.abs(im) < 1e-12, `${re} + ${im}i`);
  });

  it("are scaled with the matrix, however small or large it is", () => {
    const wanted = spectrumOf(seeded(6, 8));
    for (const factor of [1e-200, 1e200]) {
      const found = spectrumOf(seeded(6, 8).map((line) => line.map((x) => x * factor)));
      same(found.map(([re, im]) => [re / factor, im / factor]), wanted, 1e-12); // prettier-ignore
    }
  });

  it("of zeros are zeros; of what is no number they are refused", () => {
    same(spectrumOf([[0, 0], [0, 0]]), [[0, 0], [0, 0]], 0); // prettier-ignore
    assert.throws(() => spectrumOf([[NaN, 1, 2], [3, 4, 5], [6, 7, 8]]), { name: "OptionError", message: /an entry of NaN/ }); // prettier-ignore
  });
});
