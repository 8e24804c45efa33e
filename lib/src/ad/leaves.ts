/** Leaves of arguments and results: their sum, their zero. */
import { add } from "../rules/generated/record.js";
import { type Leaf, LEAF, type LeafObject, Recorded, type Scalar } from "./recorded.js";

/** What an object leaf can do for those who do not know what it is. */
export interface LeafArithmetic extends LeafObject {
  /** An object of the same shape, all 0. */
  zero(): LeafObject;
}

export const isLeafObject = (value: unknown): value is LeafArithmetic =>
  typeof value === "object" && value !== null && LEAF in value;

export const isLeaf = (value: unknown): value is Leaf =>
  typeof value === "number" || value instanceof Recorded || isLeafObject(value);

/** a + b; an absent a is 0. */
export const addLeaves = (a: Leaf | undefined, b: Leaf): Leaf =>
  a === undefined ? b : (add(a as Scalar, b as Scalar) as Leaf);

export const zeroLike = (leaf: Leaf): Leaf => (isLeafObject(leaf) ? (leaf.zero() as Leaf) : 0);
