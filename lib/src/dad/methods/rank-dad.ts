/** rank-dAD: sites send the leading components of their gradient, found from the factors. As dAD with few rows. */
import { checkChoice, checkCount, checkOptionNames } from "../../options.js";
import { OptionError } from "../../errors.js";
import { philox, type Philox } from "../../random/philox.js";
import { stackBlocks } from "../aggregate.js";
import { type CompatName, compatNames, compressAsPublished, publishedAs, trapsOf } from "../compat.js";
import { checkCompressOptions, compress, compressOptionNames, type Compressed, type CompressOptions } from "../compress.js"; // prettier-ignore
import { type Dense, dense, likeFloats, withOnesColumn } from "../dense.js";
import { type Block, matrixBlock, matrixOf } from "../message.js";
import { sumOf } from "./dad.js";
import { fromExtended, fromFactors, gradientLeaves, matrixTensor, rawBlocks, sumRaws } from "./leaves.js";
import type { Method } from "./method.js";

export interface RankDadOptions extends CompressOptions {
  /** What the aggregator sends: the components of all sites, or what is left after compressing them again ("oneWay"). */
  readonly way?: "oneWay" | "twoWay";
  /** Of the start vectors (0). */
  readonly seed?: number;
  /** Do as a published code base does, traps included. Its settings are the defaults then; theta is its tolerance. */
  readonly compat?: CompatName;
}

export interface CheckedRankDad extends Required<CompressOptions> {
  readonly way: "oneWay" | "twoWay";
  readonly seed: number;
  readonly compat: CompatName | null;
}

function check(given: RankDadOptions): CheckedRankDad {
  const { way, seed = 0, compat, ...rest } = given;
  checkOptionNames(given, [...compressOptionNames, "way", "seed", "compat"], "rank-dAD");
  checkCount(seed, "seed", 0, Number.MAX_SAFE_INTEGER);
  if (compat === undefined)
    return {
      ...checkCompressOptions(rest, "rank-dAD"),
      way: checkChoice(way ?? "oneWay", "way", ["oneWay", "twoWay"]),
      seed,
      compat: null,
    };
  checkChoice(compat, "compat", compatNames);
  if (rest.stop !== undefined || rest.energy !== undefined)
    throw new OptionError(`compat "${compat}" has a stopping rule of its own: leave out stop and energy.`);
  if (way === "twoWay")
    throw new OptionError(
      `compat "${compat}" reproduces the way of the stack alone: leave out way, or compat.`,
    );
  const { maxRank, iterations, tolerance } = publishedAs(compat);
  const theta = rest.theta ?? tolerance;
  return {
    ...checkCompressOptions({ maxRank, iterations, ...rest, theta }, "rank-dAD"),
    way: "oneWay",
    seed,
    compat,
  };
}

/** Its own stream for every step, layer and sender; the aggregator is the last of all senders. */
const streamOf = (seed: number, step: number, layer: number, sender: number): Philox =>
  philox(seed).split(step).split(layer).split(sender);
const AGGREGATOR = 2 ** 32;

function compressed(input: Dense, delta: Dense, options: CheckedRankDad, stream: Philox): Compressed {
  if (options.compat === null) return compress(input, delta, compressOptionsOf(options), stream);
  const { trim } = publishedAs(options.compat);
  const { maxRank, iterations, theta: tolerance } = options;
  return compressAsPublished(input, delta, { maxRank, iterations, tolerance, trim }, stream);
}

const compressOptionsOf = ({
  maxRank,
  iterations,
  theta,
  stop,
  energy,
}: CheckedRankDad): CompressOptions => ({
  maxRank,
  iterations,
  theta,
  stop,
  energy,
});

/** As they travel: in the kind of numbers of the parameters. */
function componentBlocks(unit: string, { input, delta }: Compressed, like: Dense): Block[] {
  const narrowed = ({ rows, cols, data }: Dense): Dense => {
    const to = likeFloats(like.data, data.length);
    to.set(data);
    return dense(rows, cols, to);
  };
  return [matrixBlock(unit, "input", narrowed(input)), matrixBlock(unit, "delta", narrowed(delta))];
}

export const rankDad: Method<CheckedRankDad, null> = {
  sends: "the leading components σ_j b_j and c_j of the gradient of every layer, bias included",
  aggregates: "the components of all sites, stacked (twoWay: compressed again)",
  reconstructs: "the sum of all components",
  isExact: false,
  isShared: true,
  isAllReducible: false,
  showsData: false,
  travels: "gradients",
  options: check,
  notes: ({ compat }) => (compat === null ? [] : trapsOf(compat)),
  start: () => null,
  scale: (share, { compat }) => (compat === null || publishedAs(compat).isScaled ? share : 1),
  rounds: [
    {
      send(context, options, state) {
        const found = new Map<string, Float64Array>();
        const blocks = context.plan.outers.flatMap((unit, layer) => {
          const { input, delta } = context.local.factors.get(unit.weight)!;
          const whole = unit.bias === null || options.compat !== null ? input : withOnesColumn(input);
          const stream = streamOf(options.seed, context.step, layer, context.site);
          const result = compressed(whole, delta, options, stream);
          found.set(unit.name, result.sigma);
          return componentBlocks(unit.name, result, input);
        });
        return { blocks: [...blocks, ...rawBlocks(context)], state, found };
      },
      aggregate(messages, { plan, step }, options) {
        const found = new Map<string, Float64Array>();
        const blocks = plan.outers.flatMap(({ name }, layer) => {
          const stack = [stackBlocks(messages, name, "input"), stackBlocks(messages, name, "delta")];
          if (options.way === "oneWay") return stack;
          const all = { from: "aggregator", step, round: 0, blocks: stack };
          const [input, delta] = [matrixOf(all, name, "input"), matrixOf(all, name, "delta")];
          // Once, here: repeated at every site from its own start, the sites would part.
          const result = compress(input, delta, compressOptionsOf(options), streamOf(options.seed, step, layer, AGGREGATOR)); // prettier-ignore
          found.set(name, result.sigma);
          return componentBlocks(name, result, input);
        });
        return { blocks: [...blocks, ...sumRaws(messages, plan)], found };
      },
    },
  ],
  reconstruct: (context, { compat }, state, received) => ({
    gradients: gradientLeaves(context, received, (unit) => {
      const input = matrixTensor(context, unit, received[0]!, "input");
      const delta = matrixTensor(context, unit, received[0]!, "delta");
      if (compat !== null) return fromFactors(unit, input, delta);
      return fromExtended(unit, input.T.matmul(delta));
    }),
    state,
  }),
  // The column of ones is data here: it is compressed with the rest.
  values({ unit, site, ranks, sharedRank }, { way, compat }) {
    const width = unit.inputs + (unit.bias === null || compat !== null ? 0 : 1) + unit.outputs;
    return { up: ranks[site]! * width, down: (way === "oneWay" ? sumOf(ranks) : sharedRank) * width };
  },
};
