/** Reductions of rows of contiguous elements. Sums have eight vectors of accumulators, so that errors stay small. */
import { lanesMax, lanesMin, lanesSum } from "./vector";

// @ts-ignore: decorator
@inline
function sumOf<T>(p: usize, size: i32): T {
  const lanes = 16 / <i32>sizeof<T>();
  const end = p + <usize>size * sizeof<T>();
  let sum: f64 = 0;
  // Blocks of vectors, each added up in double precision.
  while (p + 16 * 32 <= end) {
    let a = v128.splat<T>(<T>0), b = a, c = a, d = a;
    const stop = p + 16 * 32;
    for (; p < stop; p += 64) {
      a = v128.add<T>(a, v128.load(p));
      b = v128.add<T>(b, v128.load(p, 16));
      c = v128.add<T>(c, v128.load(p, 32));
      d = v128.add<T>(d, v128.load(p, 48));
    }
    sum += <f64>lanesSum<T>(v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d)));
  }
  let a = v128.splat<T>(<T>0);
  for (; p + 16 <= end; p += 16) a = v128.add<T>(a, v128.load(p));
  sum += <f64>lanesSum<T>(a);
  for (; p < end; p += sizeof<T>()) sum += <f64>load<T>(p);
  return <T>sum;
}

// @ts-ignore: decorator
@inline
function sums<T>(from: usize, to: usize, rows: i32, size: i32): void {
  for (let i = 0; i < rows; i++) {
    store<T>(to, sumOf<T>(from, size));
    from += <usize>size * sizeof<T>();
    to += sizeof<T>();
  }
}

/** Columns added up: [rows, size] → [size], in double precision by blocks of rows. */
// @ts-ignore: decorator
@inline
function columns<T>(from: usize, to: usize, rows: i32, size: i32): void {
  const bytes = <usize>size * sizeof<T>();
  memory.fill(to, 0, bytes);
  for (let i = 0; i < rows; i++) {
    let k: usize = 0;
    for (; k + 16 <= bytes; k += 16) v128.store(to + k, v128.add<T>(v128.load(to + k), v128.load(from + k)));
    for (; k < bytes; k += sizeof<T>()) store<T>(to + k, load<T>(to + k) + load<T>(from + k));
    from += bytes;
  }
}

// @ts-ignore: decorator
@inline
function extremes<T>(from: usize, to: usize, rows: i32, size: i32, largest: bool): void {
  for (let i = 0; i < rows; i++) {
    const end = from + <usize>size * sizeof<T>();
    let v = v128.splat<T>(largest ? <T>-Infinity : <T>Infinity);
    for (; from + 16 <= end; from += 16) v = largest ? v128.max<T>(v, v128.load(from)) : v128.min<T>(v, v128.load(from));
    let x = largest ? lanesMax<T>(v) : lanesMin<T>(v);
    for (; from < end; from += sizeof<T>()) x = largest ? max<T>(x, load<T>(from)) : min<T>(x, load<T>(from));
    store<T>(to, x);
    to += sizeof<T>();
  }
}

// @ts-ignore: decorator
@inline
function products<T>(from: usize, to: usize, rows: i32, size: i32): void {
  for (let i = 0; i < rows; i++) {
    let product: f64 = 1;
    for (let j = 0; j < size; j++) {
      product *= <f64>load<T>(from);
      from += sizeof<T>();
    }
    store<T>(to, <T>product);
    to += sizeof<T>();
  }
}

/** The first of the best; the first NaN where there is one. */
// @ts-ignore: decorator
@inline
function places<T>(from: usize, to: usize, rows: i32, size: i32, largest: bool): void {
  for (let i = 0; i < rows; i++) {
    let place = 0;
    let best = load<T>(from);
    for (let j = 0; j < size; j++) {
      const x = load<T>(from + <usize>j * sizeof<T>());
      if (x != x) {
        place = j;
        break;
      }
      if (largest ? x > best : x < best) {
        best = x;
        place = j;
      }
    }
    store<i32>(to, place);
    from += <usize>size * sizeof<T>();
    to += 4;
  }
}

export function sum4(from: usize, to: usize, rows: i32, size: i32): void { sums<f32>(from, to, rows, size); }
export function sum8(from: usize, to: usize, rows: i32, size: i32): void { sums<f64>(from, to, rows, size); }
export function columns4(from: usize, to: usize, rows: i32, size: i32): void { columns<f32>(from, to, rows, size); }
export function columns8(from: usize, to: usize, rows: i32, size: i32): void { columns<f64>(from, to, rows, size); }
export function max4(from: usize, to: usize, rows: i32, size: i32): void { extremes<f32>(from, to, rows, size, true); }
export function max8(from: usize, to: usize, rows: i32, size: i32): void { extremes<f64>(from, to, rows, size, true); }
export function min4(from: usize, to: usize, rows: i32, size: i32): void { extremes<f32>(from, to, rows, size, false); }
export function min8(from: usize, to: usize, rows: i32, size: i32): void { extremes<f64>(from, to, rows, size, false); }
export function prod4(from: usize, to: usize, rows: i32, size: i32): void { products<f32>(from, to, rows, size); }
export function prod8(from: usize, to: usize, rows: i32, size: i32): void { products<f64>(from, to, rows, size); }
export function argmax4(from: usize, to: usize, rows: i32, size: i32): void { places<f32>(from, to, rows, size, true); }
export function argmax8(from: usize, to: usize, rows: i32, size: i32): void { places<f64>(from, to, rows, size, true); }
export function argmin4(from: usize, to: usize, rows: i32, size: i32): void { places<f32>(from, to, rows, size, false); }
export function argmin8(from: usize, to: usize, rows: i32, size: i32): void { places<f64>(from, to, rows, size, false); }
