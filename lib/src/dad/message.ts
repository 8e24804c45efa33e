/** Messages between sites and the aggregator: plain objects of typed arrays, fit for a worker or a comm. */
import type { NumberArray } from "../engine/engine.js";
import { type Dense, dense, type Floats } from "./dense.js";
import { SiteMismatchError } from "./errors.js";

/** What a block is of: the two factors, a gradient, the factors of PowerSGD, or an array of the batch. */
export type Role = "input" | "delta" | "gradient" | "bias" | "left" | "right" | "data";

/** One array of a message. */
export interface Block {
  /** The layer, or the parameter, that it belongs to. */
  readonly unit: string;
  readonly role: Role;
  readonly shape: readonly number[];
  readonly values: NumberArray;
}

export interface Message {
  /** The name of the site, or "aggregator". */
  readonly from: string;
  readonly step: number;
  /** Most methods have round 0 alone. */
  readonly round: number;
  readonly blocks: readonly Block[];
}

/** Bytes of the arrays of one unit. */
export const bytesOf = ({ blocks }: Message, unit: string): number =>
  blocks.reduce((sum, block) => (block.unit === unit ? sum + block.values.byteLength : sum), 0);

export const matrixBlock = (unit: string, role: Role, { rows, cols, data }: Dense): Block => ({
  unit,
  role,
  shape: [rows, cols],
  values: data,
});

/**
 * The block of a unit in a role.
 * @throws SiteMismatchError when the message has none
 */
export function blockOf(message: Message, unit: string, role: Role): Block {
  const block = findBlock(message, unit, role);
  if (block === undefined)
    throw new SiteMismatchError(
      `The message from "${message.from}" (step ${message.step}, round ${message.round}) has no ${role} of ${unit}. ` +
        `All sites must share the same model by the same method.`,
    );
  return block;
}

export const findBlock = ({ blocks }: Message, unit: string, role: Role): Block | undefined =>
  blocks.find((block) => block.unit === unit && block.role === role);

export function matrixOf(message: Message, unit: string, role: Role): Dense {
  const { shape, values } = blockOf(message, unit, role);
  if (shape.length !== 2 || shape[0]! * shape[1]! !== values.length)
    throw new SiteMismatchError(
      `The message from "${message.from}" has ${values.length} values as ${role} of ${unit} with the shape [${shape.join(", ")}].`,
    );
  return dense(shape[0]!, shape[1]!, values as Floats);
}
