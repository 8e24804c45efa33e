/** Elementary functions of four floats: NaN goes through, infinities and poles are where IEEE has them. */

// @ts-ignore: decorator
@inline
function select(yes: v128, no: v128, mask: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

// @ts-ignore: decorator
@inline
function c(x: f32): v128 {
  return f32x4.splat(x);
}

// @ts-ignore: decorator
@inline
function poly(p: v128, x: v128, next: f32): v128 {
  return f32x4.add(f32x4.mul(p, x), c(next));
}

/**
 * e^x. x = n ln2 + r with |r| ≤ ln2/2; e^r by a Taylor polynomial of degree 7. 355/512 is so short that its products with n
 * are exact. 2ⁿ in two factors, so that it may overflow, and lose digits below 2^−126, as it should.
 */
// @ts-ignore: decorator
@inline
export function exp4(given: v128): v128 {
  const x = f32x4.max(f32x4.min(given, c(89)), c(-104));
  const n = f32x4.nearest(f32x4.mul(x, c(1.4426950408889634)));
  let r = f32x4.sub(x, f32x4.mul(n, c(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, c(-2.1219444005469057e-4)));
  let p = c(1.0 / 5040.0);
  p = poly(p, r, 1.0 / 720.0);
  p = poly(p, r, 1.0 / 120.0);
  p = poly(p, r, 1.0 / 24.0);
  p = poly(p, r, 1.0 / 6.0);
  p = poly(p, r, 0.5);
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), c(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const rest = i32x4.sub(whole, half);
  p = f32x4.mul(p, i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23));
  return f32x4.mul(p, i32x4.shl(i32x4.add(rest, i32x4.splat(127)), 23));
}

/** e^x − 1: near 0 by the polynomial without its 1, elsewhere from e^x. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  let p = c(1.0 / 40320.0);
  p = poly(p, x, 1.0 / 5040.0);
  p = poly(p, x, 1.0 / 720.0);
  p = poly(p, x, 1.0 / 120.0);
  p = poly(p, x, 1.0 / 24.0);
  p = poly(p, x, 1.0 / 6.0);
  p = poly(p, x, 0.5);
  p = f32x4.add(f32x4.mul(f32x4.mul(p, x), x), x);
  return select(p, f32x4.sub(exp4(x), c(1)), f32x4.lt(f32x4.abs(x), c(0.5)));
}

/** log m for m in [√½, √2), from s = (m − 1)/(m + 1): 2(s + s³/3 + s⁵/5 + …). */
// @ts-ignore: decorator
@inline
function logOfPart(m: v128): v128 {
  const s = f32x4.div(f32x4.sub(m, c(1)), f32x4.add(m, c(1)));
  const z = f32x4.mul(s, s);
  let p = c(1.0 / 9.0);
  p = poly(p, z, 1.0 / 7.0);
  p = poly(p, z, 1.0 / 5.0);
  p = poly(p, z, 1.0 / 3.0);
  p = f32x4.mul(p, z);
  const twice = f32x4.add(s, s);
  return f32x4.add(twice, f32x4.mul(twice, p));
}

/** log x: the exponent times ln2, and the logarithm of what is left. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  // Numbers below 2^−126 are brought up first.
  const small = f32x4.lt(x, c(1.1754943508222875e-38));
  const scaled = select(f32x4.mul(x, c(8388608)), x, small);
  const bits = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  let e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  e = f32x4.sub(e, v128.and(small, c(23)));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  let y = f32x4.add(
    f32x4.mul(e, c(0.693359375)),
    f32x4.add(logOfPart(m), f32x4.mul(e, c(-2.1219444005469057e-4))),
  );
  y = select(c(Infinity), y, f32x4.eq(x, c(Infinity)));
  y = select(c(-Infinity), y, f32x4.eq(x, c(0)));
  return select(y, c(NaN), f32x4.ge(x, c(0)));
}

/** log(1 + x): with u = 1 + x as it is rounded, log u · x/(u − 1) loses nothing (Kahan). */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const u = f32x4.add(x, c(1));
  const d = f32x4.sub(u, c(1));
  const y = f32x4.mul(log4(u), f32x4.div(x, d));
  const plain = v128.or(f32x4.eq(d, c(0)), f32x4.eq(x, c(Infinity)));
  const exact = select(x, y, plain);
  return select(log4(u), exact, f32x4.le(u, c(0)));
}

/** sign(x) · |y| */
// @ts-ignore: decorator
@inline
function signed(y: v128, x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(i32(0x80000000)));
  return v128.or(f32x4.abs(y), sign);
}

/** tanh x = t/(t + 2) with t = e^(2|x|) − 1. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const a = f32x4.min(f32x4.abs(x), c(10));
  const t = expm14(f32x4.add(a, a));
  return signed(f32x4.div(t, f32x4.add(t, c(2))), x);
}

// @ts-ignore: decorator
@inline
export function sinh4(x: v128): v128 {
  const t = expm14(f32x4.abs(x));
  // (t + t/(t + 1))/2; where e^x overflows and sinh does not, by halves.
  const y = f32x4.mul(f32x4.add(t, f32x4.div(t, f32x4.add(t, c(1)))), c(0.5));
  const half = exp4(f32x4.mul(f32x4.abs(x), c(0.5)));
  const large = f32x4.mul(f32x4.mul(half, c(0.5)), half);
  return signed(select(large, y, f32x4.gt(f32x4.abs(x), c(20))), x);
}

// @ts-ignore: decorator
@inline
export function cosh4(x: v128): v128 {
  const half = exp4(f32x4.mul(f32x4.abs(x), c(0.5)));
  const large = f32x4.mul(f32x4.mul(half, c(0.5)), half);
  const e = exp4(f32x4.abs(x));
  const y = f32x4.mul(f32x4.add(e, f32x4.div(c(1), e)), c(0.5));
  return select(large, y, f32x4.gt(f32x4.abs(x), c(20)));
}

/** 1/(1 + e^−x), by the exponential that does not overflow. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const d = f32x4.add(e, c(1));
  return f32x4.div(select(c(1), e, f32x4.ge(x, c(0))), d);
}

/** max(x, 0) + log(1 + e^−|x|) */
// @ts-ignore: decorator
@inline
export function softplus4(x: v128): v128 {
  return f32x4.add(f32x4.max(x, c(0)), log1p4(exp4(f32x4.neg(f32x4.abs(x)))));
}

/** erfc(a) for a ≥ 0: e^(−a²) times Numerical Recipes' polynomial in 1/(1 + a/2), relative error 1.2e−7. */
// @ts-ignore: decorator
@inline
function erfcOfPositive(a: v128): v128 {
  const t = f32x4.div(c(1), f32x4.add(f32x4.mul(a, c(0.5)), c(1)));
  let p = c(0.17087277);
  p = poly(p, t, -0.82215223);
  p = poly(p, t, 1.48851587);
  p = poly(p, t, -1.13520398);
  p = poly(p, t, 0.27886807);
  p = poly(p, t, -0.18628806);
  p = poly(p, t, 0.09678418);
  p = poly(p, t, 0.37409196);
  p = poly(p, t, 1.00002368);
  p = poly(p, t, -1.26551223);
  return f32x4.mul(t, exp4(f32x4.sub(p, f32x4.mul(a, a))));
}

/** erf x: near 0 by its series, elsewhere 1 − erfc. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = c(1.0 / 9360.0);
  p = poly(p, z, -1.0 / 1320.0);
  p = poly(p, z, 1.0 / 216.0);
  p = poly(p, z, -1.0 / 42.0);
  p = poly(p, z, 0.1);
  p = poly(p, z, -1.0 / 3.0);
  p = f32x4.mul(f32x4.add(f32x4.mul(f32x4.mul(p, z), a), a), c(1.1283791670955126));
  const far = f32x4.sub(c(1), erfcOfPositive(f32x4.min(a, c(6))));
  return signed(select(p, far, f32x4.lt(a, c(0.5))), x);
}

// @ts-ignore: decorator
@inline
export function erfc4(x: v128): v128 {
  const a = f32x4.min(f32x4.abs(x), c(10.5));
  const far = erfcOfPositive(a);
  const y = select(far, f32x4.sub(c(2), far), f32x4.ge(x, c(0)));
  return select(f32x4.sub(c(1), erf4(x)), select(y, x, f32x4.eq(x, x)), f32x4.lt(a, c(0.5)));
}

/** Φ(x) = erfc(−x/√2)/2 */
// @ts-ignore: decorator
@inline
export function normalCdf4(x: v128): v128 {
  return f32x4.mul(erfc4(f32x4.mul(x, c(-0.7071067811865476))), c(0.5));
}

/** x − q π/2 in three parts, whose products with a small q are exact; good to |x| ≈ 1e4. */
// @ts-ignore: decorator
@inline
function reduced(x: v128, q: v128): v128 {
  let r = f32x4.sub(x, f32x4.mul(q, c(1.5703125)));
  r = f32x4.sub(r, f32x4.mul(q, c(4.837512969970703e-4)));
  return f32x4.sub(r, f32x4.mul(q, c(7.549789948768648e-8)));
}

/** sin(x + quarter·π/2) */
// @ts-ignore: decorator
@inline
function sine(x: v128, quarter: i32): v128 {
  const q = f32x4.nearest(f32x4.mul(x, c(0.6366197723675814)));
  const r = reduced(x, q);
  const k = i32x4.add(i32x4.trunc_sat_f32x4_s(q), i32x4.splat(quarter));
  const z = f32x4.mul(r, r);
  let s = c(2.755731922398589e-6);
  s = poly(s, z, -1.984126984126984e-4);
  s = poly(s, z, 8.333333333333333e-3);
  s = poly(s, z, -0.16666666666666666);
  s = f32x4.add(f32x4.mul(f32x4.mul(s, z), r), r);
  let k1 = c(2.48015873015873e-5);
  k1 = poly(k1, z, -1.388888888888889e-3);
  k1 = poly(k1, z, 4.1666666666666664e-2);
  k1 = poly(k1, z, -0.5);
  k1 = f32x4.add(f32x4.mul(k1, z), c(1));
  const odd = i32x4.eq(v128.and(k, i32x4.splat(1)), i32x4.splat(1));
  const y = select(k1, s, odd);
  return v128.xor(y, i32x4.shl(v128.and(k, i32x4.splat(2)), 30));
}

// @ts-ignore: decorator
@inline
export function sin4(x: v128): v128 {
  return sine(x, 0);
}

// @ts-ignore: decorator
@inline
export function cos4(x: v128): v128 {
  return sine(x, 1);
}
