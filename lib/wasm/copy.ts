/** Elements of strided views, put one after the other; and added where a window lies. Strides in elements, may be negative. */

/** Four vectors as columns. */
// @ts-ignore: decorator
@inline
export function transposed4(from: usize, to: usize, byFrom: usize, byTo: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + byFrom);
  const r2 = v128.load(from + 2 * byFrom), r3 = v128.load(from + 3 * byFrom);
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const c = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(a, c, 0, 1, 4, 5));
  v128.store(to + byTo, v128.shuffle<f32>(a, c, 2, 3, 6, 7));
  v128.store(to + 2 * byTo, v128.shuffle<f32>(b, d, 0, 1, 4, 5));
  v128.store(to + 3 * byTo, v128.shuffle<f32>(b, d, 2, 3, 6, 7));
}

/** to[i·columns + j] = from[i + j·byColumn]: rows lie across memory, columns along it. */
function transposeInto(from: usize, to: usize, rows: i32, columns: i32, byColumn: i32): void {
  const step = <usize>byColumn << 2;
  const stepTo = <usize>columns << 2;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let j = 0;
    for (; j + 4 <= columns; j += 4)
      transposed4(from + (<usize>i << 2) + <usize>j * step, to + <usize>i * stepTo + (<usize>j << 2), step, stepTo);
    for (; j < columns; j++)
      for (let k = i; k < i + 4; k++)
        store<u32>(to + <usize>k * stepTo + (<usize>j << 2), load<u32>(from + (<usize>k << 2) + <usize>j * step));
  }
  for (; i < rows; i++)
    for (let j = 0; j < columns; j++)
      store<u32>(to + <usize>i * stepTo + (<usize>j << 2), load<u32>(from + (<usize>i << 2) + <usize>j * step));
}

// @ts-ignore: decorator
@inline
function dense<U>(from: usize, to: usize, n: i32, m: i32, l: i32, k: i32, sn: i32, sm: i32, sl: i32, sk: i32): void {
  for (let a = 0; a < n; a++)
    for (let b = 0; b < m; b++) {
      const start = from + <usize>(a * sn + b * sm) * sizeof<U>();
      if (sizeof<U>() == 4 && sl == 1 && sk > 1) {
        transposeInto(start, to, l, k, sk);
        to += <usize>(l * k) * sizeof<U>();
        continue;
      }
      for (let c = 0; c < l; c++) {
        let at = start + <usize>(c * sl) * sizeof<U>();
        if (sk == 1) {
          memory.copy(to, at, <usize>k * sizeof<U>());
          to += <usize>k * sizeof<U>();
        } else {
          const step = <usize>sk * sizeof<U>();
          for (let d = 0; d < k; d++) {
            store<U>(to, load<U>(at));
            to += sizeof<U>();
            at += step;
          }
        }
      }
    }
}

/** [n, m, l, k] elements of 4 bytes. */
export function dense4(from: usize, to: usize, n: i32, m: i32, l: i32, k: i32, sn: i32, sm: i32, sl: i32, sk: i32): void {
  dense<u32>(from, to, n, m, l, k, sn, sm, sl, sk);
}

/** [n, m, l, k] elements of 8 bytes. */
export function dense8(from: usize, to: usize, n: i32, m: i32, l: i32, k: i32, sn: i32, sm: i32, sl: i32, sk: i32): void {
  dense<u64>(from, to, n, m, l, k, sn, sm, sl, sk);
}

// @ts-ignore: decorator
@inline
function added<T>(from: usize, to: usize, n: i32, m: i32, l: i32, k: i32, sn: i32, sm: i32, sl: i32, sk: i32): void {
  const step = <usize>sk * sizeof<T>();
  const lanes = 16 / <i32>sizeof<T>();
  for (let a = 0; a < n; a++)
    for (let b = 0; b < m; b++)
      for (let c = 0; c < l; c++) {
        let at = to + <usize>(a * sn + b * sm + c * sl) * sizeof<T>();
        let d = 0;
        if (sk == 1)
          for (; d + lanes <= k; d += lanes) {
            v128.store(at, v128.add<T>(v128.load(at), v128.load(from)));
            at += 16;
            from += 16;
          }
        for (; d < k; d++) {
          store<T>(at, load<T>(at) + load<T>(from));
          at += step;
          from += sizeof<T>();
        }
      }
}

/** Contiguous elements [n, m, l, k] are added where the strides say. */
export function add4(from: usize, to: usize, n: i32, m: i32, l: i32, k: i32, sn: i32, sm: i32, sl: i32, sk: i32): void {
  added<f32>(from, to, n, m, l, k, sn, sm, sl, sk);
}
export function add8(from: usize, to: usize, n: i32, m: i32, l: i32, k: i32, sn: i32, sm: i32, sl: i32, sk: i32): void {
  added<f64>(from, to, n, m, l, k, sn, sm, sl, sk);
}

/** Rows of `size` bytes by index. */
export function gatherRows(table: usize, index: usize, to: usize, count: i32, size: i32): void {
  for (let i = 0; i < count; i++) {
    memory.copy(to, table + <usize>load<i32>(index) * <usize>size, <usize>size);
    index += 4;
    to += <usize>size;
  }
}

// @ts-ignore: decorator
@inline
function scatter<T>(index: usize, updates: usize, to: usize, count: i32, size: i32): void {
  for (let i = 0; i < count; i++) {
    let at = to + <usize>load<i32>(index) * <usize>size * sizeof<T>();
    index += 4;
    for (let j = 0; j < size; j++) {
      store<T>(at, load<T>(at) + load<T>(updates));
      at += sizeof<T>();
      updates += sizeof<T>();
    }
  }
}

/** Rows of `size` elements are added at their index. */
export function scatterAdd4(index: usize, updates: usize, to: usize, count: i32, size: i32): void {
  scatter<f32>(index, updates, to, count, size);
}
export function scatterAdd8(index: usize, updates: usize, to: usize, count: i32, size: i32): void {
  scatter<f64>(index, updates, to, count, size);
}
