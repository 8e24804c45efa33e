/** PowerSGD, both phases of it: one power iteration a step, warm-started, with error feedback. */
import { philox } from "../../random/philox.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { sumBlocks } from "../aggregate.js";
import { type Dense, dense, type Floats, likeFloats, transposedDense, transposedTimes } from "../dense.js";
import { type Block, blockOf, matrixBlock, matrixOf, type Message } from "../message.js";
import { orthonormalColumns } from "../orthonormal.js";
import type { OuterUnit, Plan } from "../plan.js";
import { gradientBlocks } from "./dsgd.js";
import { fromExtended, gradientLeaves, leafLike, rawBlocks, sumRaws } from "./leaves.js";
import type { Method, SiteContext } from "./method.js";
import {
  checkPowerSgd,
  type CheckedPowerSgd,
  isCompressed,
  powerSgdValues,
  rankOf,
  rowsOf,
} from "./power-sgd-options.js";

/** Of one layer, between steps. */
interface Kept {
  /** [n, r] the right factor: the same at all sites. */
  readonly right: Float64Array | null;
  /** [m, n] E: what this site has not got through yet. */
  readonly error: Float64Array | null;
  /** [m, n] M of the step that is going on. */
  readonly whole: Dense | null;
  /** [m, r] P of the step that is going on, its columns orthonormal. */
  readonly left: Dense | null;
}

export type PowerState = ReadonlyMap<string, Kept>;
const nothing: Kept = { right: null, error: null, whole: null, left: null };

/** [m, n] the gradient, with that of the bias as its last row; and the error that was kept. */
function wholeOf({ local }: SiteContext, unit: OuterUnit, options: CheckedPowerSgd, kept: Kept): Dense {
  const gradient = local.gradients[unit.weight]!;
  const own = unit.isTransposed ? transposedDense(dense(unit.outputs, unit.inputs, gradient)).data : gradient;
  const m = rowsOf(unit, options);
  const data = new Float64Array(m * unit.outputs);
  data.set(own);
  if (m > unit.inputs) data.set(local.gradients[unit.bias!]!, own.length);
  if (kept.error) for (let i = 0; i < data.length; i++) data[i]! += kept.error[i]!;
  return dense(m, unit.outputs, data);
}

/** The start, or the last step's; a column that was dropped gets a new start, the same at all sites. */
function rightOf(
  context: SiteContext,
  unit: OuterUnit,
  layer: number,
  options: CheckedPowerSgd,
  kept: Kept,
): Dense {
  const [n, r] = [unit.outputs, rankOf(unit, options)];
  const warm = options.warmStart ? kept.right : null;
  const fresh = philox(options.seed)
    .split(context.step)
    .split(layer)
    .normals(n * r);
  const data = new Float64Array(n * r);
  for (let j = 0; j < r; j++) {
    let isAlive = false;
    for (let i = 0; i < n; i++) isAlive ||= warm !== null && warm[i * r + j] !== 0;
    for (let i = 0; i < n; i++) data[i * r + j] = isAlive ? warm![i * r + j]! : fresh[i * r + j]!;
  }
  return dense(n, r, data);
}

const narrowed = (values: Float64Array, like: Floats): Floats => {
  const to = likeFloats(like, values.length);
  to.set(values);
  return to;
};

/** a b: [a.rows, b.cols]. */
const product = (a: Dense, b: Dense): Dense => dense(a.rows, b.cols, transposedTimes(transposedDense(a), b));

function sendLeft(context: SiteContext, options: CheckedPowerSgd, state: PowerState) {
  const next = new Map(state);
  const blocks = context.plan.outers.flatMap((unit, layer): Block[] => {
    if (!isCompressed(unit, context.step, options)) return gradientBlocks(context, unit);
    const kept = state.get(unit.name) ?? nothing;
    const whole = wholeOf(context, unit, options, kept);
    const left = product(whole, rightOf(context, unit, layer, options, kept));
    next.set(unit.name, { ...kept, whole });
    const gradient = context.local.gradients[unit.weight]!;
    const blocks = [matrixBlock(unit.name, "left", dense(left.rows, left.cols, narrowed(left.data as Float64Array, gradient)))]; // prettier-ignore
    if (unit.bias === null || options.bias === "ones") return blocks;
    return [...blocks, ...gradientBlocks(context, unit).filter(({ role }) => role === "bias")];
  });
  return { blocks: [...blocks, ...rawBlocks(context)], state: next };
}

function sendRight(
  context: SiteContext,
  options: CheckedPowerSgd,
  state: PowerState,
  [first]: readonly Message[],
) {
  const next = new Map(state);
  const blocks = context.plan.outers.flatMap((unit): Block[] => {
    if (!isCompressed(unit, context.step, options)) return [];
    const kept = state.get(unit.name)!;
    const left = orthonormalColumns(matrixOf(first!, unit.name, "left"));
    const right = dense(unit.outputs, left.cols, transposedTimes(kept.whole!, left));
    next.set(unit.name, { ...kept, left });
    const gradient = context.local.gradients[unit.weight]!;
    return [matrixBlock(unit.name, "right", dense(right.rows, right.cols, narrowed(right.data as Float64Array, gradient)))]; // prettier-ignore
  });
  return { blocks, state: next };
}

/** Every block that the messages have, added. */
function added(messages: readonly Message[], plan: Plan, roles: readonly Block["role"][]): Block[] {
  return plan.outers.flatMap(({ name }) =>
    roles
      .filter((role) => messages[0]!.blocks.some((block) => block.unit === name && block.role === role))
      .map((role) => sumBlocks(messages, name, role)),
  );
}

export const powerSgd: Method<CheckedPowerSgd, PowerState> = {
  sends:
    "P = M Q, then Q = Mᵀ P of the orthonormalised sum of all P; M is the gradient and what was lost before",
  aggregates: "the sums, twice",
  reconstructs: "P Qᵀ; what it lost of M is kept for the next step",
  isExact: false,
  isShared: true,
  isAllReducible: true,
  showsData: false,
  travels: "gradients",
  options: checkPowerSgd,
  start: () => new Map(),
  rounds: [
    {
      send: sendLeft,
      aggregate: (messages, { plan }) => ({
        blocks: [...added(messages, plan, ["left", "gradient", "bias"]), ...sumRaws(messages, plan)],
      }),
    },
    { send: sendRight, aggregate: (messages, { plan }) => ({ blocks: added(messages, plan, ["right"]) }) },
  ],
  reconstruct(context, options, state, received) {
    const [first, second] = received;
    const next = new Map<string, Kept>();
    const total = context.rows.reduce((sum, rows) => sum + rows, 0);
    const share = context.rows[context.site]! / total;
    const gradients = gradientLeaves(context, received, (unit) => {
      const received = (role: "gradient" | "bias") => asReceived(context, first!, unit, role);
      if (!isCompressed(unit, context.step, options)) {
        next.set(unit.name, state.get(unit.name) ?? nothing);
        return { weight: received("gradient")!, bias: received("bias") };
      }
      const { whole, left } = state.get(unit.name)!;
      const right = matrixOf(second!, unit.name, "right");
      const guess = product(left!, transposedDense(right));
      next.set(unit.name, {
        right: Float64Array.from(right.data),
        // M holds this site's share of the whole; so of the guess it takes its share off.
        error: options.errorFeedback ? Float64Array.from(whole!.data, (value, i) => value - share * guess.data[i]!) : null, // prettier-ignore
        whole: null,
        left: null,
      });
      const { dtype, engine } = context.params[unit.weight] as unknown as Tensor;
      const extended = tensor(guess.data, [guess.rows, guess.cols], { dtype, engine });
      if (unit.bias === null || options.bias === "ones") return fromExtended(unit, extended);
      return { weight: fromExtended({ ...unit, bias: null }, extended).weight, bias: received("bias") };
    });
    return { gradients, state: next };
  },
  values: powerSgdValues,
};

/** An array of a message in the form of a parameter; null where there is no such parameter. */
function asReceived(
  context: SiteContext,
  message: Message,
  unit: OuterUnit,
  role: "gradient" | "bias",
): Tensor | null {
  const leaf = role === "bias" ? unit.bias : unit.weight;
  if (leaf === null) return null;
  return leafLike(context.params[leaf]!, blockOf(message, unit.name, role).values) as unknown as Tensor;
}
