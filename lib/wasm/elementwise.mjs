/**
 * The elementwise kernels as a table: an expression in vectors each, for floats and for doubles. From it come loops over rows of
 * contiguous or repeated elements. A name that is not here is the reference engine's.
 */

const SIGN4 = "i32x4.splat(i32(0x80000000))";
const SIGN8 = "i64x2.splat(i64(0x8000000000000000))";

/** V is f32x4 or f64x2, SIGN the mask of its signs. */
const maps = {
  neg: "V.neg(x)",
  abs: "V.abs(x)",
  sign: "v128.bitselect(v128.or(V.splat(1), v128.and(x, SIGN)), x, v128.and(V.ne(x, V.splat(0)), V.eq(x, x)))",
  floor: "V.floor(x)",
  ceil: "V.ceil(x)",
  trunc: "V.trunc(x)",
  // Up at a half, as JavaScript; −0 where it was negative.
  round:
    "v128.or(V.add(V.floor(x), v128.and(V.ge(V.sub(x, V.floor(x)), V.splat(0.5)), V.splat(1))), v128.and(x, SIGN))",
  square: "V.mul(x, x)",
  reciprocal: "V.div(V.splat(1), x)",
  sqrt: "V.sqrt(x)",
  rsqrt: "V.div(V.splat(1), V.sqrt(x))",
  relu: "V.max(x, V.splat(0))",
  step: "v128.and(V.gt(x, V.splat(0)), V.splat(1))",
};

const floatMaps = {
  exp: "exp4(x)",
  expm1: "expm14(x)",
  log: "log4(x)",
  log1p: "log1p4(x)",
  log2: "f32x4.mul(log4(x), f32x4.splat(1.4426950408889634))",
  log10: "f32x4.mul(log4(x), f32x4.splat(0.4342944819032518))",
  sin: "sin4(x)",
  cos: "cos4(x)",
  tanh: "tanh4(x)",
  sinh: "sinh4(x)",
  cosh: "cosh4(x)",
  sigmoid: "sigmoid4(x)",
  softplus: "softplus4(x)",
  erf: "erf4(x)",
  erfc: "erfc4(x)",
  normalCdf: "normalCdf4(x)",
  gelu: "f32x4.mul(x, normalCdf4(x))",
  silu: "f32x4.mul(x, sigmoid4(x))",
  fround: "x",
};

const truth = (comparison) => `v128.and(${comparison}, V.splat(1))`;
const zips = {
  add: "V.add(a, b)",
  sub: "V.sub(a, b)",
  mul: "V.mul(a, b)",
  div: "V.div(a, b)",
  max: "V.max(a, b)",
  min: "V.min(a, b)",
  lt: truth("V.lt(a, b)"),
  le: truth("V.le(a, b)"),
  gt: truth("V.gt(a, b)"),
  ge: truth("V.ge(a, b)"),
  eq: truth("V.eq(a, b)"),
  ne: truth("V.ne(a, b)"),
};

const floats = { T: "f32", V: "f32x4", bytes: 4, sign: SIGN4 };
const doubles = { T: "f64", V: "f64x2", bytes: 8, sign: SIGN8 };
const kinds = [
  { ...floats, maps: { ...maps, ...floatMaps } },
  { ...doubles, maps },
];

const filled = (text, { V, sign }) => text.replace(/\bV\b/g, V).replace(/\bSIGN\b/g, sign);
const lane = ({ V }) => `${V}.extract_lane(y, 0)`;

/** The contiguous elements of x; the last ones one by one, in the first lane. */
const mapLoop = (name, text, kind) => `
export function map${kind.bytes}_${name}(from: usize, to: usize, count: i32): void {
  const end = from + <usize>count * ${kind.bytes};
  for (; from + 16 <= end; from += 16) {
    const x = v128.load(from);
    v128.store(to, ${filled(text, kind)});
    to += 16;
  }
  for (; from < end; from += ${kind.bytes}) {
    const x = ${kind.V}.splat(load<${kind.T}>(from));
    const y = ${filled(text, kind)};
    store<${kind.T}>(to, ${lane(kind)});
    to += ${kind.bytes};
  }
}
`;

/** One loop over the last axis, where each operand goes along (1) or stands (0). */
const zipLoop = (text, kind, alongA, alongB) => `
      for (; pa_pb_left >= ${16 / kind.bytes}; pa_pb_left -= ${16 / kind.bytes}) {
        const a = ${alongA ? "v128.load(pa)" : "sa"}, b = ${alongB ? "v128.load(pb)" : "sb"};
        v128.store(to, ${filled(text, kind)});
        ${alongA ? "pa += 16;" : ""} ${alongB ? "pb += 16;" : ""}
        to += 16;
      }`;

const zipFunction = (name, text, kind) => `
export function zip${kind.bytes}_${name}(
  a0: usize, rowA: i32, stepA: i32, b0: usize, rowB: i32, stepB: i32, to: usize, rows: i32, columns: i32,
): void {
  for (let i = 0; i < rows; i++) {
    let pa = a0 + <usize>(i * rowA) * ${kind.bytes}, pb = b0 + <usize>(i * rowB) * ${kind.bytes};
    let pa_pb_left = columns;
    const sa = ${kind.V}.splat(load<${kind.T}>(pa)), sb = ${kind.V}.splat(load<${kind.T}>(pb));
    if (stepA == 1 && stepB == 1) {${zipLoop(text, kind, true, true)}
    } else if (stepA == 1) {${zipLoop(text, kind, true, false)}
    } else if (stepB == 1) {${zipLoop(text, kind, false, true)}
    }
    for (; pa_pb_left > 0; pa_pb_left--) {
      const a = ${kind.V}.splat(load<${kind.T}>(pa)), b = ${kind.V}.splat(load<${kind.T}>(pb));
      const y = ${filled(text, kind)};
      store<${kind.T}>(to, ${lane(kind)});
      pa += <usize>stepA * ${kind.bytes};
      pb += <usize>stepB * ${kind.bytes};
      to += ${kind.bytes};
    }
  }
}
`;

const whereFunction = ({ T, V, bytes }) => `
export function where${bytes}(
  c0: usize, rowC: i32, stepC: i32, a0: usize, rowA: i32, stepA: i32, b0: usize, rowB: i32, stepB: i32,
  to: usize, rows: i32, columns: i32,
): void {
  for (let i = 0; i < rows; i++) {
    let pc = c0 + <usize>(i * rowC) * ${bytes}, pa = a0 + <usize>(i * rowA) * ${bytes}, pb = b0 + <usize>(i * rowB) * ${bytes};
    const sc = <usize>stepC * ${bytes}, sa = <usize>stepA * ${bytes}, sb = <usize>stepB * ${bytes};
    let left = columns;
    if (stepC == 1)
      for (; left >= ${16 / bytes}; left -= ${16 / bytes}) {
        const a = stepA == 1 ? v128.load(pa) : ${V}.splat(load<${T}>(pa));
        const b = stepB == 1 ? v128.load(pb) : ${V}.splat(load<${T}>(pb));
        v128.store(to, v128.bitselect(a, b, ${V}.ne(v128.load(pc), ${V}.splat(0))));
        pc += 16;
        pa += sa * ${16 / bytes};
        pb += sb * ${16 / bytes};
        to += 16;
      }
    for (; left > 0; left--) {
      store<${T}>(to, load<${T}>(pc) != 0 ? load<${T}>(pa) : load<${T}>(pb));
      pc += sc;
      pa += sa;
      pb += sb;
      to += ${bytes};
    }
  }
}
`;

const imported = [...new Set(Object.values(floatMaps).flatMap((text) => text.match(/\b\w+4(?=\()/g) ?? []))];

/** The AssemblyScript of all elementwise kernels. */
export const elementwiseSource = [
  `import { ${imported.filter((name) => name !== "f32x4").join(", ")} } from "./functions";\n`,
  ...kinds.flatMap((kind) => [
    ...Object.entries(kind.maps).map(([name, text]) => mapLoop(name, text, kind)),
    ...Object.entries(zips).map(([name, text]) => zipFunction(name, text, kind)),
    whereFunction(kind),
  ]),
].join("");
