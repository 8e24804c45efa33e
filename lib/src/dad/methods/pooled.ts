/** pooled: the batches themselves are brought together. The oracle; it needs all that sharing is to avoid. */
import type { Leaf } from "../../ad/recorded.js";
import { isLeafObject } from "../../ad/leaves.js";
import { checkOptionNames } from "../../options.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { flatten } from "../../tree/tree.js";
import { stackBlocks } from "../aggregate.js";
import { SharingError } from "../errors.js";
import { type Block, blockOf, type Message } from "../message.js";
import { numbersOf } from "../local.js";
import { sumOf } from "./dad.js";
import type { Method, SiteContext } from "./method.js";

/** What the batch is called in messages and in the ledger. */
export const BATCH = "(batch)";
const unitOf = (i: number): string => `${BATCH}${i}`;

/** The tensors of a batch, one row for each sample. */
function tensorsOf({ batch, rows, site, name }: SiteContext): { leaf: Tensor; i: number }[] {
  return flatten(batch, "batch").leaves.flatMap((leaf, i) => {
    if (!isLeafObject(leaf)) return [];
    const tensor = leaf as unknown as Tensor;
    if (tensor.shape[0] !== rows[site])
      throw new SharingError(
        `pooled stacks the batches of all sites, but a tensor in that of "${name}" has the shape ` +
          `[${tensor.shape.join(", ")}] and not one row for each of its ${rows[site]} samples.`,
      );
    return [{ leaf: tensor, i }];
  });
}

function stackedBatch(context: SiteContext, message: Message): unknown {
  const flat = flatten(context.batch, "batch");
  return flat.rebuild(
    flat.leaves.map((leaf, i): unknown => {
      if (!isLeafObject(leaf)) return leaf;
      const { dtype, engine } = leaf as unknown as Tensor;
      const { values, shape } = blockOf(message, unitOf(i), "data");
      return tensor(values, shape, { dtype, engine });
    }),
  );
}

export const pooled: Method<null, null> = {
  sends: "its batch, as it is",
  aggregates: "the samples of all sites, stacked",
  reconstructs: "the gradient at all samples",
  isExact: true,
  isShared: true,
  isAllReducible: false,
  showsData: true,
  travels: "batch",
  options(given) {
    checkOptionNames(given, [], "pooled");
    return null;
  },
  start: () => null,
  rounds: [
    {
      async send(context, _options, state) {
        const blocks: Block[] = [];
        for (const { leaf, i } of tensorsOf(context))
          blocks.push({ unit: unitOf(i), role: "data", shape: leaf.shape, values: await numbersOf(leaf) });
        return { blocks, state };
      },
      aggregate: (messages) => ({
        blocks: messages[0]!.blocks.map(({ unit }) => stackBlocks(messages, unit, "data")),
      }),
    },
  ],
  reconstruct: (context, _options, state, [received]) => ({
    gradients: context.gradientAt(stackedBatch(context, received!), sumOf(context.rows)) as readonly Leaf[],
    state,
  }),
  // The batch has a line of its own in the ledger.
  values: () => ({ up: 0, down: 0 }),
};
