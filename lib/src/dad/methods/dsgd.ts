/** dSGD: sites send gradients, the aggregator adds them. What everything else is compared with. */
import { checkOptionNames } from "../../options.js";
import { sumBlocks } from "../aggregate.js";
import { type Block, blockOf } from "../message.js";
import type { OuterUnit } from "../plan.js";
import { leafLike, rawBlocks, sumRaws } from "./leaves.js";
import type { Method, SiteContext } from "./method.js";

/** The gradient of a unit as it is, its bias as a block of its own. */
export const gradientBlocks = ({ local }: SiteContext, unit: OuterUnit): Block[] =>
  [["gradient", unit.weight] as const, ["bias", unit.bias] as const].flatMap(([role, leaf]) => {
    if (leaf === null) return [];
    const values = local.gradients[leaf]!;
    return [{ unit: unit.name, role, shape: [values.length], values }];
  });

export const dsgd: Method<null, null> = {
  sends: "its gradient",
  aggregates: "the sum of all gradients",
  reconstructs: "what it receives",
  isExact: true,
  isShared: true,
  isAllReducible: true,
  showsData: false,
  travels: "gradients",
  options(given) {
    checkOptionNames(given, [], "dSGD");
    return null;
  },
  start: () => null,
  rounds: [
    {
      send: (context, _options, state) => ({
        blocks: [
          ...context.plan.outers.flatMap((unit) => gradientBlocks(context, unit)),
          ...rawBlocks(context),
        ],
        state,
      }),
      aggregate: (messages, { plan }) => ({
        blocks: [
          ...plan.outers.flatMap(({ name, bias }) => [
            sumBlocks(messages, name, "gradient"),
            ...(bias === null ? [] : [sumBlocks(messages, name, "bias")]),
          ]),
          ...sumRaws(messages, plan),
        ],
      }),
    },
  ],
  reconstruct({ plan, params }, _options, state, [received]) {
    const gradients = [...params];
    for (const { name, weight, bias } of plan.outers) {
      gradients[weight] = leafLike(params[weight]!, blockOf(received!, name, "gradient").values);
      if (bias !== null) gradients[bias] = leafLike(params[bias]!, blockOf(received!, name, "bias").values);
    }
    for (const { name, leaf } of plan.raws)
      gradients[leaf] = leafLike(params[leaf]!, blockOf(received!, name, "gradient").values);
    return { gradients, state };
  },
  values({ unit }) {
    const size = unit.inputs * unit.outputs + (unit.bias === null ? 0 : unit.outputs);
    return { up: size, down: size };
  },
};
