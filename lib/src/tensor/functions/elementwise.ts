/** Elementwise functions, by the rows of the table; numbers go with tensors. */
import type { Scalar } from "../../ad/recorded.js";
import type { MapName, ZipName } from "../../engine/engine.js";
import { lift } from "../lift.js";
import { call } from "../registry.js";
import type { Tensor } from "../tensor.js";

export type TensorLike = Tensor | Scalar;

const unary =
  (name: MapName) =>
  (x: Tensor): Tensor =>
    call(name, [x], undefined);

const binary =
  (name: ZipName) =>
  (a: TensorLike, b: TensorLike): Tensor =>
    call(name, lift([a, b]), undefined);

export const neg = unary("neg");
export const abs = unary("abs");
export const sign = unary("sign");
export const floor = unary("floor");
export const ceil = unary("ceil");
export const round = unary("round");
export const trunc = unary("trunc");
export const square = unary("square");
export const reciprocal = unary("reciprocal");
export const sqrt = unary("sqrt");
export const rsqrt = unary("rsqrt");
export const exp = unary("exp");
export const expm1 = unary("expm1");
export const log = unary("log");
export const log1p = unary("log1p");
export const log2 = unary("log2");
export const log10 = unary("log10");
export const sin = unary("sin");
export const cos = unary("cos");
export const tan = unary("tan");
export const tanh = unary("tanh");
export const sinh = unary("sinh");
export const cosh = unary("cosh");
export const asin = unary("asin");
export const acos = unary("acos");
export const atan = unary("atan");
export const asinh = unary("asinh");
export const acosh = unary("acosh");
export const atanh = unary("atanh");
export const cbrt = unary("cbrt");
export const fround = unary("fround");
export const sigmoid = unary("sigmoid");
export const softplus = unary("softplus");
export const relu = unary("relu");
export const step = unary("step");
export const erf = unary("erf");
export const erfc = unary("erfc");
export const normalCdf = unary("normalCdf");
export const gelu = unary("gelu");
export const silu = unary("silu");

export const add = binary("add");
export const sub = binary("sub");
export const mul = binary("mul");
export const div = binary("div");
export const pow = binary("pow");
export const max = binary("max");
export const min = binary("min");
export const mod = binary("mod");
export const atan2 = binary("atan2");
export const hypot = binary("hypot");
/** Comparisons give 1 and 0, of the dtype of what is compared. */
export const lt = binary("lt");
export const le = binary("le");
export const gt = binary("gt");
export const ge = binary("ge");
export const eq = binary("eq");
export const ne = binary("ne");

/** condition ≠ 0 ? a : b, elementwise; all three broadcast. The condition has no derivative. */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  const [x, y] =
    typeof a === "number" && typeof b === "number" ? lift([condition, a, b]).slice(1) : lift([a, b]);
  return call("where", [condition, x!, y!], undefined);
}

/** min(max(x, low), high) */
export const clip = (x: Tensor, low: TensorLike, high: TensorLike): Tensor => min(max(x, low), high);
