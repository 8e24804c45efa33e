/** Kernels over the last axis of contiguous floats: softmax and layer norm, with their adjoints. */
import { exp4 } from "./functions";
import { lanesMax, lanesSum } from "./vector";

// @ts-ignore: decorator
@inline
function tail(p: usize, count: i32): v128 {
  // What is left of a row, with zeros behind; a load beyond the row would be right in memory, but not in value.
  let v = f32x4.splat(0);
  if (count > 0) v = f32x4.replace_lane(v, 0, load<f32>(p));
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(p, 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(p, 8));
  return v;
}

// @ts-ignore: decorator
@inline
function putTail(p: usize, v: v128, count: i32): void {
  if (count > 0) store<f32>(p, f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(p, f32x4.extract_lane(v, 1), 4);
  if (count > 2) store<f32>(p, f32x4.extract_lane(v, 2), 8);
}

/** e^(scale·x − max) / Σ, row by row; may be in place. */
export function softmaxRows(from: usize, to: usize, rows: i32, size: i32, scale: f32): void {
  const whole = size & ~3;
  const rest = size - whole;
  const bytes = <usize>whole << 2;
  const scales = f32x4.splat(scale);
  for (let i = 0; i < rows; i++) {
    const end = from + bytes;
    let largest = f32x4.splat(-Infinity);
    for (let p = from; p < end; p += 16) largest = f32x4.max(largest, f32x4.mul(v128.load(p), scales));
    let most = lanesMax<f32>(largest);
    for (let k = 0; k < rest; k++) most = max(most, load<f32>(end + (<usize>k << 2)) * scale);
    const shift = f32x4.splat(most);
    let sums = f32x4.splat(0);
    let q = to;
    for (let p = from; p < end; p += 16) {
      const e = exp4(f32x4.sub(f32x4.mul(v128.load(p), scales), shift));
      v128.store(q, e);
      sums = f32x4.add(sums, e);
      q += 16;
    }
    let sum = lanesSum<f32>(sums);
    if (rest > 0) {
      const e = exp4(f32x4.sub(f32x4.mul(tail(end, rest), scales), shift));
      putTail(q, e, rest);
      for (let k = 0; k < rest; k++) sum += load<f32>(q + (<usize>k << 2));
    }
    const inverse = f32x4.splat(<f32>1 / sum);
    q = to;
    const endTo = to + bytes;
    for (; q < endTo; q += 16) v128.store(q, f32x4.mul(v128.load(q), inverse));
    if (rest > 0) putTail(q, f32x4.mul(tail(q, rest), inverse), rest);
    from = end + (<usize>rest << 2);
    to = endTo + (<usize>rest << 2);
  }
}

/** x̄ = y (ȳ − Σ y ȳ), row by row. */
export function softmaxVjpRows(y: usize, bar: usize, to: usize, rows: i32, size: i32): void {
  const whole = size & ~3;
  const rest = size - whole;
  const bytes = <usize>whole << 2;
  for (let i = 0; i < rows; i++) {
    let sums = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) sums = f32x4.add(sums, f32x4.mul(v128.load(y + k), v128.load(bar + k)));
    let sum = lanesSum<f32>(sums);
    for (let k = bytes; k < bytes + (<usize>rest << 2); k += 4) sum += load<f32>(y + k) * load<f32>(bar + k);
    const s = f32x4.splat(sum);
    for (let k: usize = 0; k < bytes; k += 16)
      v128.store(to + k, f32x4.mul(v128.load(y + k), f32x4.sub(v128.load(bar + k), s)));
    for (let k = bytes; k < bytes + (<usize>rest << 2); k += 4)
      store<f32>(to + k, load<f32>(y + k) * (load<f32>(bar + k) - sum));
    const row = <usize>size << 2;
    y += row;
    bar += row;
    to += row;
  }
}

// @ts-ignore: decorator
@inline
function meanOf(p: usize, size: i32): f32 {
  const bytes = <usize>(size & ~3) << 2;
  let sums = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) sums = f32x4.add(sums, v128.load(p + k));
  let sum = lanesSum<f32>(sums);
  for (let k = bytes; k < <usize>size << 2; k += 4) sum += load<f32>(p + k);
  return sum / <f32>size;
}

/** 1/√(variance + ε), the mean taken off first. */
// @ts-ignore: decorator
@inline
function inverseSpread(p: usize, size: i32, mean: f32, epsilon: f32): f32 {
  const bytes = <usize>(size & ~3) << 2;
  const m = f32x4.splat(mean);
  let sums = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    const d = f32x4.sub(v128.load(p + k), m);
    sums = f32x4.add(sums, f32x4.mul(d, d));
  }
  let sum = lanesSum<f32>(sums);
  for (let k = bytes; k < <usize>size << 2; k += 4) {
    const d = load<f32>(p + k) - mean;
    sum += d * d;
  }
  return <f32>1 / sqrt<f32>(sum / <f32>size + epsilon);
}

/** (x − mean)/√(variance + ε), row by row. */
export function layerNormRows(from: usize, to: usize, rows: i32, size: i32, epsilon: f32): void {
  const bytes = <usize>(size & ~3) << 2;
  const row = <usize>size << 2;
  for (let i = 0; i < rows; i++) {
    const mean = meanOf(from, size);
    const scale = inverseSpread(from, size, mean, epsilon);
    const m = f32x4.splat(mean), s = f32x4.splat(scale);
    for (let k: usize = 0; k < bytes; k += 16) v128.store(to + k, f32x4.mul(f32x4.sub(v128.load(from + k), m), s));
    for (let k = bytes; k < row; k += 4) store<f32>(to + k, (load<f32>(from + k) - mean) * scale);
    from += row;
    to += row;
  }
}

/** x̄ = (ȳ − ⟨ȳ⟩ − y ⟨y ȳ⟩)/√(variance + ε), row by row. */
export function layerNormVjpRows(from: usize, bar: usize, to: usize, rows: i32, size: i32, epsilon: f32): void {
  const bytes = <usize>(size & ~3) << 2;
  const row = <usize>size << 2;
  for (let i = 0; i < rows; i++) {
    const mean = meanOf(from, size);
    const scale = inverseSpread(from, size, mean, epsilon);
    const shift = meanOf(bar, size);
    const m = f32x4.splat(mean), s = f32x4.splat(scale), h = f32x4.splat(shift);
    let sums = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16)
      sums = f32x4.add(sums, f32x4.mul(v128.load(bar + k), f32x4.mul(f32x4.sub(v128.load(from + k), m), s)));
    let along = lanesSum<f32>(sums);
    for (let k = bytes; k < row; k += 4) along += load<f32>(bar + k) * (load<f32>(from + k) - mean) * scale;
    along /= <f32>size;
    const g = f32x4.splat(along);
    for (let k: usize = 0; k < bytes; k += 16) {
      const y = f32x4.mul(f32x4.sub(v128.load(from + k), m), s);
      v128.store(to + k, f32x4.mul(f32x4.sub(f32x4.sub(v128.load(bar + k), h), f32x4.mul(y, g)), s));
    }
    for (let k = bytes; k < row; k += 4)
      store<f32>(to + k, (load<f32>(bar + k) - shift - (load<f32>(from + k) - mean) * scale * along) * scale);
    from += row;
    bar += row;
    to += row;
  }
}
