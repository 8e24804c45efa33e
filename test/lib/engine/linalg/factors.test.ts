/** qr and svd: orthonormal factors that reconstruct the matrix, of any shape and any rank. */
import assert from "node:assert/strict";
import { qr, svd } from "../../../../lib/src/engine/reference/linalg/index.js";
import { assertClose, assertOrthonormal, diagonal, random, shapes, times, transposed } from "./dense.js";

/** [m, n] of a rank. */
const ofRank = (rank: number, m: number, n: number) =>
  times(random(m + rank, m, rank), random(n + rank + 100, rank, n), m, rank, n);

const matrices = shapes.flatMap(([m, n]) =>
  [...new Set([0, 1, Math.max(0, Math.min(m, n) - 1), Math.min(m, n)])]
    .filter((rank) => rank <= Math.min(m, n))
    .map((rank) => ({ m, n, rank, a: ofRank(rank, m, n), what: `[${m}, ${n}] of rank ${rank}` })),
);

describe("qr", () => {
  it("gives orthonormal q and upper triangular r with q r = a", () => {
    for (const { m, n, a, what } of matrices) {
      const k = Math.min(m, n);
      const { q, r } = qr(a, m, n);
      assertOrthonormal(q, m, k, what);
      assertClose(times(q, r, m, k, n), a, 1e-13, what);
      r.forEach((entry, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        if (i > j) assert.equal(entry, 0);
        if (i === j) assert.ok(entry >= 0);
      });
    }
  });

  it("knows the textbook's", () => {
    const { q, r } = qr(Float64Array.of(3, 1, 4, 2), 2, 2);
    assertClose(q, Float64Array.of(0.6, -0.8, 0.8, 0.6), 1e-15);
    assertClose(r, Float64Array.of(5, 2.2, 0, 0.4), 1e-14);
  });

  it("neither over- nor underflows", () => {
    for (const scale of [1e-250, 1e250]) {
      const a = random(3, 7, 3);
      const { q, r } = qr(
        a.map((x) => x * scale),
        7,
        3,
      );
      assertOrthonormal(q, 7, 3);
      assertClose(r.map((x) => x / scale), qr(a, 7, 3).r, 1e-14); // prettier-ignore
    }
  });
});

describe("svd", () => {
  it("gives orthonormal u and v and sorted s with u s vᵀ = a", () => {
    for (const { m, n, rank, a, what } of matrices) {
      const k = Math.min(m, n);
      const { u, s, vt } = svd(a, m, n);
      assertOrthonormal(u, m, k, what);
      assertOrthonormal(transposed(vt, k, n), n, k, what);
      assertClose(times(times(u, diagonal(s), m, k, k), vt, m, k, n), a, 1e-12, what);
      s.forEach((value, i) => assert.ok(value >= 0 && (i === 0 || value <= s[i - 1]!), what));
      assert.equal(s.filter((value) => value > 1e-12 * s[0]!).length, rank, what);
    }
  });

  it("knows the textbook's", () => {
    const { s } = svd(Float64Array.of(3, 2, 2, 2, 3, -2), 2, 3);
    assertClose(s, Float64Array.of(5, 3), 1e-14);
    assert.deepEqual(svd(new Float64Array(6), 3, 2).s, new Float64Array(2));
  });

  it("has the determinant and the norm of the matrix", () => {
    const a = random(5, 2, 2);
    const { s } = svd(a, 2, 2);
    assert.ok(Math.abs(s[0]! * s[1]! - Math.abs(a[0]! * a[3]! - a[1]! * a[2]!)) < 1e-14);
    assert.ok(Math.abs(s[0]! ** 2 + s[1]! ** 2 - a.reduce((sum, x) => sum + x * x, 0)) < 1e-13);
  });

  it("finds small singular values with a small error relative to themselves", () => {
    // Columns of very different lengths: the values are then those of the scaling, to first order in the ratio of two.
    const scales = [1, 1e-20, 1e-40, 1e-80, 1e-120];
    const { q } = qr(random(6, 7, 5), 7, 5);
    const { s, u } = svd(times(q, diagonal(scales), 7, 5, 5), 7, 5);
    scales.forEach((scale, i) => assert.ok(Math.abs(s[i]! / scale - 1) < 1e-14, `${s[i]}`));
    assertOrthonormal(u, 7, 5);
    // The Hilbert matrix of order 8; its entries are rounded, which the last value sees times 1e10.
    const hilbert = Float64Array.from({ length: 64 }, (_, at) => 1 / (Math.floor(at / 8) + (at % 8) + 1));
    const last = svd(hilbert, 8, 8).s[7]!;
    assert.ok(Math.abs(last / 1.1115389663724427e-10 - 1) < 1e-5, `${last}`);
  });

  it("neither over- nor underflows", () => {
    const a = random(7, 3, 7);
    const { s } = svd(a, 3, 7);
    for (const scale of [2 ** -900, 2 ** 900])
      assert.deepEqual(svd(a.map((x) => x * scale), 3, 7).s, s.map((x) => x * scale)); // prettier-ignore
  });

  it("of a NaN or an infinity is NaN throughout", () => {
    for (const bad of [NaN, Infinity]) {
      const { u, s, vt } = svd(Float64Array.of(1, bad, 0, 1, 2, 3), 3, 2);
      for (const part of [u, s, vt]) assert.ok(part.every(Number.isNaN));
      assert.deepEqual([u.length, s.length, vt.length], [6, 2, 4]);
    }
  });
});
