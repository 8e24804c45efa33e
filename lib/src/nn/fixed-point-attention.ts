/** Fixed-point attention: one attention step repeated until its state no longer changes. */
import { OptionError, ShapeError } from "../errors.js";
import { checkChoice, checkCount, checkOptionNames, checkPositive } from "../options.js";
import { add, mul, sub } from "../tensor/functions/elementwise.js";
import { matmul } from "../tensor/functions/products.js";
import { layerNorm as normalised, softmax } from "../tensor/functions/rows.js";
import { matrixTranspose, reshape, transpose } from "../tensor/functions/shapes.js";
import { shapeText } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { type AttentionParams, withoutFuture } from "./attention.js";
import { type AttentionLook, headMatrices, type Lookable, matrixOf, onMatrices } from "./attention-look.js";
import { fixedPoint, fixedPointDefaults, type FixedPointOptions, fixedPointOptionNames } from "./fixed-point.js"; // prettier-ignore
import { iteratePlain } from "./iterate.js";
import { glorotUniform } from "./initialisers.js";
import type { Layer } from "./layer.js";
import { layerNorm, type LayerNormParams } from "./layer-norm.js";
import { checkWidth, linear } from "./linear.js";
import { mlp, type MlpParams } from "./mlp.js";

export interface FixedPointAttentionParams {
  readonly attention: AttentionParams;
  /** Of the network inside the loop, where there is one. */
  readonly loop?: { readonly norm: LayerNormParams; readonly network: MlpParams };
}

export interface FixedPointAttentionOptions extends FixedPointOptions {
  readonly heads: number;
  /** "inject" (the default): x enters at every step. "paper": it does not, and the loop collapses to equal tokens. */
  readonly preset?: "inject" | "paper";
  /** The width of the hidden layer of a network inside the loop (the authors' `fixed_ffn`); none when not given. */
  readonly loopHidden?: number;
  /** Queries and keys of the state normalised over the width (false): bounds what a large state does, and so ρ(J). */
  readonly preNorm?: boolean;
  /** A place attends to itself and to what is before it (false). */
  readonly causal?: boolean;
  /** τ: the scores are divided by √(width of a head) · τ; 1. */
  readonly temperature?: number;
}

export interface FixedPointAttention
  extends Layer<FixedPointAttentionParams>, Lookable<FixedPointAttentionParams> {
  /** What a block with a residual connection adds to x: z* − x where x is injected, z* where it is not. */
  update(params: FixedPointAttentionParams, x: Tensor): Tensor;
  /** One undamped application of the map: f(z). */
  step(params: FixedPointAttentionParams, z: Tensor, x: Tensor): Tensor;
}

/** All that a step differentiates: the parameters, the input and its values. */
interface Parts {
  readonly params: FixedPointAttentionParams;
  readonly x: Tensor;
  /** V(x) by heads [batch, heads, tokens, depth], found once. */
  readonly values: Tensor;
}

const OPTIONS = [
  "heads",
  "preset",
  "loopHidden",
  "preNorm",
  "causal",
  "temperature",
  ...fixedPointOptionNames,
];

/**
 * z* of f(z) = x + Concat_h(A_h(z) V_h(x)) W_O, with A(z) the attention of z's queries and keys, and with the values of x, from
 * z₀ = x. [tokens, width] or [batch, tokens, width] → the same shape. With `loopHidden`, f(z) + FFN(norm(f(z))).
 *
 * `apply` gives z*, which contains x already where x is injected: a block with a residual connection of its own adds `update`.
 *
 * The preset "paper" has no x in the loop: equal tokens under uniform attention are then always a fixed point, attracting at second
 * order, at which the gradients of the queries' and keys' weights are exactly zero. It is here as a lesson. In the paper's authors'
 * runs attention alone in the loop (no `loopHidden`) stayed at chance on prefix parity, 54.6 %, and the network in the loop solved
 * it.
 *
 * @throws NotConvergedError unless `unconverged` says otherwise; OptionError where the width is no multiple of the heads
 * @see Mathur, Doan, Pearlmutter & Plis (2025), arXiv 2507.13569
 * @example
 * const layer = fixedPointAttention(8, { heads: 2, gradient: { phantom: 1 }, damping: 0.7 });
 * const params = layer.init(philox(1));
 * const z = layer.apply(params, randomNormal(philox(2), [6, 8]));
 * if (z.shape.join() !== "6,8") throw new Error(z.shape.join());
 */
export function fixedPointAttention(width: number, options: FixedPointAttentionOptions): FixedPointAttention {
  checkOptionNames(options, OPTIONS, "fixedPointAttention");
  const heads = checkCount(options.heads, "heads", 1, width);
  if (width % heads !== 0) throw new OptionError(`A width of ${width} does not divide among ${heads} heads.`);
  const { preset = "inject", loopHidden, preNorm = false, causal = false, temperature = 1 } = options;
  const injects = checkChoice(preset, "preset", ["inject", "paper"]) === "inject";
  const depth = width / heads;
  const scale = 1 / (Math.sqrt(depth) * checkPositive(temperature, "temperature"));
  const [query, key, value, output] = Array.from({ length: 4 }, () => linear(width, width));
  const norm = layerNorm(width);
  const network =
    loopHidden === undefined
      ? undefined
      : mlp([width, checkCount(loopHidden, "loopHidden", 1, 2 ** 24), width], { activation: "gelu", weight: glorotUniform }); // prettier-ignore

  const apart = (x: Tensor): Tensor =>
    transpose(reshape(x, [x.shape[0]!, x.shape[1]!, heads, depth]), [0, 2, 1, 3]);
  const together = (x: Tensor): Tensor => {
    const [batch, , tokens] = x.shape as [number, number, number];
    return reshape(transpose(x, [0, 2, 1, 3]), [batch, tokens, width]);
  };

  /** A of every head at z, [batch, heads, tokens, tokens]. */
  function weightsAt(z: Tensor, { attention }: FixedPointAttentionParams): Tensor {
    const state = preNorm ? normalised(z) : z;
    const [q, k] = [apart(query!.apply(attention.query, state)), apart(key!.apply(attention.key, state))];
    const scores = mul(matmul(q, matrixTranspose(k)), scale);
    return softmax(causal ? withoutFuture(scores) : scores);
  }
  function map(z: Tensor, { params, x, values }: Parts): Tensor {
    const { attention, loop } = params;
    const weights = weightsAt(z, params);
    const found = output!.apply(attention.output, together(matmul(weights, values)));
    const y = injects ? add(x, found) : found;
    return network && loop ? add(y, network.apply(loop.network, norm.apply(loop.norm, y))) : y;
  }
  const find = fixedPoint(map, Object.fromEntries(fixedPointOptionNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]))); // prettier-ignore

  const partsOf = (params: FixedPointAttentionParams, x: Tensor): Parts => ({
    params,
    x,
    values: apart(value!.apply(params.attention.value, x)),
  });
  /** With a batch of one where there is none. */
  function batched(x: Tensor, body: (x: Tensor) => Tensor): Tensor {
    checkWidth("fixedPointAttention", x, width);
    if (x.rank === 3) return body(x);
    if (x.rank === 2) return reshape(body(reshape(x, [1, ...x.shape])), x.shape);
    throw new ShapeError(
      `fixedPointAttention takes [tokens, ${width}] or [batch, tokens, ${width}]; it got ${shapeText(x.shape)}.`,
    );
  }
  const apply = (params: FixedPointAttentionParams, x: Tensor): Tensor =>
    batched(x, (x) => find(x, partsOf(params, x)));
  function look(params: FixedPointAttentionParams, given: Tensor): AttentionLook {
    checkWidth("fixedPointAttention", given, width);
    const x = given.rank === 2 ? reshape(given, [1, ...given.shape]) : given;
    if (x.rank !== 3 || x.shape[0] !== 1)
      throw new ShapeError(`look takes one input, [tokens, ${width}] or [1, tokens, ${width}]; it got ${shapeText(given.shape)}.`); // prettier-ignore
    const parts = partsOf(params, x);
    const solver = { ...fixedPointDefaults(options, x.dtype), preset, temperature };
    const { z, info } = iteratePlain((z) => map(z, parts), x, solver);
    return {
      info,
      solver: { ...solver, preset: network ? `${preset}, with a network` : preset },
      z: matrixOf(z),
      value: matrixOf(map(z, parts)),
      attention: headMatrices(weightsAt(z, params)),
      ...onMatrices((z) => map(z, parts), x),
    };
  }

  return {
    init: (stream, how) => ({
      attention: {
        query: query!.init(stream.split(0), how),
        key: key!.init(stream.split(1), how),
        value: value!.init(stream.split(2), how),
        output: output!.init(stream.split(3), how),
      },
      ...(network && {
        loop: { norm: norm.init(stream.split(4), how), network: network.init(stream.split(5), how) },
      }),
    }),
    apply,
    look,
    update: (params, x) => (injects ? sub(apply(params, x), x) : apply(params, x)),
    step: (params, z, x) =>
      batched(x, (x) => map(z.rank === 2 ? reshape(z, x.shape) : z, partsOf(params, x))),
  };
}
