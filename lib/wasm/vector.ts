/** Small pieces of vectors that several kernels use. */

// @ts-ignore: decorator
@inline
export function madd<T>(a: v128, b: v128, acc: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (sizeof<T>() == 4) return f32x4.relaxed_madd(a, b, acc);
    return f64x2.relaxed_madd(a, b, acc);
  }
  return v128.add<T>(acc, v128.mul<T>(a, b));
}

/** The sum of the lanes. */
// @ts-ignore: decorator
@inline
export function lanesSum<T>(v: v128): T {
  if (sizeof<T>() == 4)
    return <T>(
      f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
    );
  return <T>(f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1));
}

/** The largest of the lanes; NaN where one is. */
// @ts-ignore: decorator
@inline
export function lanesMax<T>(v: v128): T {
  if (sizeof<T>() == 4)
    return <T>max(
      max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
      max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
    );
  return <T>max(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
}

// @ts-ignore: decorator
@inline
export function lanesMin<T>(v: v128): T {
  if (sizeof<T>() == 4)
    return <T>min(
      min(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
      min(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
    );
  return <T>min(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
}
