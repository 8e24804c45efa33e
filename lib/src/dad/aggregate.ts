/** What an aggregator does with one block of all sites: stack the rows, or add. */
import { zerosOf, dtypeOf } from "../engine/dtypes.js";
import type { NumberArray } from "../engine/engine.js";
import { sizeOf } from "../tensor/shape.js";
import { SiteMismatchError } from "./errors.js";
import { type Block, blockOf, type Message, type Role } from "./message.js";

/** The blocks of all sites, which must agree in all axes but `free`, and in their kind of numbers. */
function fitting(messages: readonly Message[], unit: string, role: Role, free: number | null): Block[] {
  const blocks = messages.map((message) => blockOf(message, unit, role));
  const [first] = blocks;
  blocks.forEach((block, s) => {
    const fits =
      block.shape.length === first!.shape.length &&
      block.shape.every((extent, axis) => axis === free || extent === first!.shape[axis]);
    const complete = block.values.length === sizeOf(block.shape);
    if (fits && complete && dtypeOf(block.values) === dtypeOf(first!.values)) return;
    const said = ({ shape, values }: Block) => `${dtypeOf(values)} [${shape.join(", ")}]`;
    throw new SiteMismatchError(
      complete
        ? `Site "${messages[s]!.from}" sends ${said(block)} as ${role} of ${unit}, but site "${messages[0]!.from}" ` +
            `${said(first!)}. Build the model of all sites with the same function and the same sizes.`
        : `Site "${messages[s]!.from}" sends ${block.values.length} values as ${role} of ${unit} ${said(block)}.`,
    );
  });
  return blocks;
}

/** Rows of all sites, one site under the other, in the order of the messages. */
export function stackBlocks(messages: readonly Message[], unit: string, role: Role): Block {
  const blocks = fitting(messages, unit, role, 0);
  const values = zerosOf(dtypeOf(blocks[0]!.values), blocks.reduce((sum, block) => sum + block.values.length, 0)); // prettier-ignore
  let at = 0;
  for (const block of blocks) {
    values.set(block.values, at);
    at += block.values.length;
  }
  const rows = blocks.reduce((sum, block) => sum + block.shape[0]!, 0);
  return { unit, role, shape: [rows, ...blocks[0]!.shape.slice(1)], values };
}

/** The sum over sites, added in double precision in the order of the messages. What an all-reduce would give. */
export function sumBlocks(messages: readonly Message[], unit: string, role: Role): Block {
  const blocks = fitting(messages, unit, role, null);
  const sum = new Float64Array(blocks[0]!.values.length);
  for (const { values } of blocks) for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
  const values: NumberArray = zerosOf(dtypeOf(blocks[0]!.values), sum.length);
  values.set(sum);
  return { unit, role, shape: blocks[0]!.shape, values };
}
