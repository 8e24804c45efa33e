/**
 * C = A B for one pair of matrices. B is packed once into panels of two vectors of columns, zero beyond its edge, and A block by
 * block into groups of four rows, so that the inner loop only moves forward through both; a tile of four rows and one panel is
 * kept in eight accumulators.
 */
import { transposed4 } from "./copy";
import { madd } from "./vector";

/** Columns of a panel: two vectors. */
// @ts-ignore: decorator
@inline
function wide<T>(): i32 {
  return 32 / sizeof<T>();
}

/** How much of the inner axis is done at once: a panel of it stays in the first-level cache. */
const BLOCK: i32 = 256;
/** How many rows of A are done with all panels: they stay in the second-level cache. */
const ROWS: i32 = 64;

/** Bytes that a block of A takes. */
export function blockSize<T>(): usize {
  return <usize>(ROWS * BLOCK) * sizeof<T>();
}

/** Bytes that `pack` needs. */
// @ts-ignore: decorator
@inline
export function packedSize<T>(K: i32, N: i32): usize {
  const panels = (N + wide<T>() - 1) / wide<T>();
  return (<usize>panels * <usize>K) << 5;
}

/** Rows of B go into panels: panel p, row k is 32 bytes at packed + (p·K + k)·32. Strides in elements. */
export function pack<T>(b: usize, K: i32, N: i32, byRow: i32, byColumn: i32, packed: usize): void {
  const W = wide<T>();
  const step = <usize>byRow * sizeof<T>();
  for (let j = 0; j < N; j += W) {
    let source = b + <usize>(j * byColumn) * sizeof<T>();
    const whole = N - j >= W;
    if (whole && byColumn == 1) {
      for (let k = 0; k < K; k++) {
        v128.store(packed, v128.load(source));
        v128.store(packed, v128.load(source, 16), 16);
        packed += 32;
        source += step;
      }
    } else {
      const columns = min(W, N - j);
      const across = <usize>byColumn * sizeof<T>();
      for (let k = 0; k < K; k++) {
        let at = source;
        for (let i = 0; i < columns; i++) {
          store<T>(packed + <usize>i * sizeof<T>(), load<T>(at));
          at += across;
        }
        for (let i = columns; i < W; i++) store<T>(packed + <usize>i * sizeof<T>(), <T>0);
        packed += 32;
        source += step;
      }
    }
  }
}

/** The first columns of two vectors. */
// @ts-ignore: decorator
@inline
function put<T>(c: usize, x0: v128, x1: v128, columns: i32, spill: usize): void {
  if (columns == wide<T>()) {
    v128.store(c, x0);
    v128.store(c, x1, 16);
  } else {
    v128.store(spill, x0);
    v128.store(spill, x1, 16);
    memory.copy(c, spill, <usize>columns * sizeof<T>());
  }
}

// @ts-ignore: decorator
@inline
function got<T>(c: usize, columns: i32, spill: usize): void {
  v128.store(spill, f64x2.splat(0));
  v128.store(spill, f64x2.splat(0), 16);
  memory.copy(spill, c, <usize>columns * sizeof<T>());
}

/** Groups of four rows: element k of row i of a group is at ((group·depth + k)·4 + i). */
// @ts-ignore: decorator
@inline
function packRows<T>(a: usize, groups: i32, depth: i32, byRow: i32, byColumn: i32, to: usize): void {
  const r = <usize>byRow * sizeof<T>(), c = <usize>byColumn * sizeof<T>();
  for (let g = 0; g < groups; g++) {
    let at = a + <usize>(4 * g) * r;
    let k = 0;
    if (sizeof<T>() == 4 && byColumn == 1)
      for (; k + 4 <= depth; k += 4) {
        transposed4(at, to, r, 16);
        at += 16;
        to += 64;
      }
    else if (sizeof<T>() == 4 && byRow == 1)
      for (; k < depth; k++) {
        v128.store(to, v128.load(at));
        at += c;
        to += 16;
      }
    for (; k < depth; k++) {
      store<T>(to, load<T>(at));
      store<T>(to + sizeof<T>(), load<T>(at + r));
      store<T>(to + 2 * sizeof<T>(), load<T>(at + 2 * r));
      store<T>(to + 3 * sizeof<T>(), load<T>(at + 3 * r));
      at += c;
      to += 4 * sizeof<T>();
    }
  }
}

/**
 * @param a [M, K], strides in elements
 * @param packed what `pack` made of B
 * @param c [M, N], contiguous
 * @param block blockSize() bytes for rows of A
 * @param spill 32 bytes
 */
export function multiply<T>(
  a: usize, packed: usize, c: usize, M: i32, K: i32, N: i32, byRow: i32, byColumn: i32, block: usize, spill: usize,
): void {
  const W = wide<T>();
  const stepA = <usize>byRow * sizeof<T>();
  const alongA = <usize>byColumn * sizeof<T>();
  const stepC = <usize>N * sizeof<T>();
  for (let k0 = 0; k0 < K || k0 == 0; k0 += BLOCK) {
    const depth = min(BLOCK, K - k0);
    const goesOn = k0 > 0;
    for (let first = 0; first < M; first += ROWS) {
      const last = min(first + ROWS, M);
      const groups = (last - first) >> 2;
      const from = a + <usize>first * stepA + <usize>k0 * alongA;
      packRows<T>(from, groups, depth, byRow, byColumn, block);
      for (let j = 0; j < N; j += W) {
        const columns = min(W, N - j);
        const panel = packed + ((<usize>(j / W) * <usize>K + <usize>k0) << 5);
        const end = panel + (<usize>depth << 5);
        let pa = block;
        let pc = c + <usize>first * stepC + <usize>j * sizeof<T>();
        for (let g = 0; g < groups; g++) {
          let x00 = v128.splat<T>(<T>0), x01 = x00, x10 = x00, x11 = x00;
          let x20 = x00, x21 = x00, x30 = x00, x31 = x00;
          if (goesOn) {
            if (columns == W) {
              x00 = v128.load(pc); x01 = v128.load(pc, 16);
              x10 = v128.load(pc + stepC); x11 = v128.load(pc + stepC, 16);
              x20 = v128.load(pc + 2 * stepC); x21 = v128.load(pc + 2 * stepC, 16);
              x30 = v128.load(pc + 3 * stepC); x31 = v128.load(pc + 3 * stepC, 16);
            } else {
              got<T>(pc, columns, spill); x00 = v128.load(spill); x01 = v128.load(spill, 16);
              got<T>(pc + stepC, columns, spill); x10 = v128.load(spill); x11 = v128.load(spill, 16);
              got<T>(pc + 2 * stepC, columns, spill); x20 = v128.load(spill); x21 = v128.load(spill, 16);
              got<T>(pc + 3 * stepC, columns, spill); x30 = v128.load(spill); x31 = v128.load(spill, 16);
            }
          }
          for (let p = panel; p < end; p += 32) {
            const b0 = v128.load(p), b1 = v128.load(p, 16);
            let s = v128.load_splat<T>(pa);
            x00 = madd<T>(s, b0, x00);
            x01 = madd<T>(s, b1, x01);
            s = v128.load_splat<T>(pa, sizeof<T>());
            x10 = madd<T>(s, b0, x10);
            x11 = madd<T>(s, b1, x11);
            s = v128.load_splat<T>(pa, 2 * sizeof<T>());
            x20 = madd<T>(s, b0, x20);
            x21 = madd<T>(s, b1, x21);
            s = v128.load_splat<T>(pa, 3 * sizeof<T>());
            x30 = madd<T>(s, b0, x30);
            x31 = madd<T>(s, b1, x31);
            pa += 4 * sizeof<T>();
          }
          put<T>(pc, x00, x01, columns, spill);
          put<T>(pc + stepC, x10, x11, columns, spill);
          put<T>(pc + 2 * stepC, x20, x21, columns, spill);
          put<T>(pc + 3 * stepC, x30, x31, columns, spill);
          pc += 4 * stepC;
        }
        let row = from + <usize>(4 * groups) * stepA;
        for (let i = first + 4 * groups; i < last; i++) {
          let x0 = v128.splat<T>(<T>0), x1 = x0;
          if (goesOn) {
            got<T>(pc, columns, spill);
            x0 = v128.load(spill);
            x1 = v128.load(spill, 16);
          }
          let at = row;
          for (let p = panel; p < end; p += 32) {
            const s = v128.load_splat<T>(at);
            x0 = madd<T>(s, v128.load(p), x0);
            x1 = madd<T>(s, v128.load(p, 16), x1);
            at += alongA;
          }
          put<T>(pc, x0, x1, columns, spill);
          row += stepA;
          pc += stepC;
        }
      }
    }
  }
}
