/** dAD: sites send both factors of every gradient; each multiplies the stacked rows of all. Exact. */
import { checkOptionNames } from "../../options.js";
import { stackBlocks } from "../aggregate.js";
import { matrixBlock } from "../message.js";
import { fromFactors, gradientLeaves, matrixTensor, rawBlocks, sumRaws } from "./leaves.js";
import type { Method } from "./method.js";

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

export const dad: Method<null, null> = {
  sends: "the input A and the delta Δ of every layer",
  aggregates: "the rows of all sites, stacked",
  reconstructs: "AᵀΔ of the stacked rows (the bias: their sum)",
  isExact: true,
  isShared: true,
  isAllReducible: false,
  showsData: true,
  travels: "gradients",
  options(given) {
    checkOptionNames(given, [], "dAD");
    return null;
  },
  start: () => null,
  rounds: [
    {
      send: (context, _options, state) => ({
        blocks: [
          ...context.plan.outers.flatMap(({ name, weight }) => {
            const { input, delta } = context.local.factors.get(weight)!;
            return [matrixBlock(name, "input", input), matrixBlock(name, "delta", delta)];
          }),
          ...rawBlocks(context),
        ],
        state,
      }),
      aggregate: (messages, { plan }) => ({
        blocks: [
          ...plan.outers.flatMap(({ name }) => [
            stackBlocks(messages, name, "input"),
            stackBlocks(messages, name, "delta"),
          ]),
          ...sumRaws(messages, plan),
        ],
      }),
    },
  ],
  reconstruct: (context, _options, state, received) => ({
    gradients: gradientLeaves(context, received, (unit) =>
      fromFactors(
        unit,
        matrixTensor(context, unit, received[0]!, "input"),
        matrixTensor(context, unit, received[0]!, "delta"),
      ),
    ),
    state,
  }),
  // The column of ones is not sent: the receiver knows it.
  values({ unit, rows, site }) {
    const width = unit.inputs + unit.outputs;
    return { up: rows[site]! * width, down: sumOf(rows) * width };
  },
};
