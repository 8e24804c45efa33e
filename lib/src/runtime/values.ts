/** Values that may be recorded numbers, and what they are without being that. */
import { Recorded, type Scalar } from "../ad/recorded.js";
import { primalOf } from "../ad/recorded.js";

export const isRecorded = (value: unknown): value is Recorded => value instanceof Recorded;
export const isScalar = (value: unknown): value is Scalar => typeof value === "number" || isRecorded(value);
export const plain = (value: unknown): unknown => (isRecorded(value) ? primalOf(value) : value);
