/** A number that is being recorded, instead of the plain number that the code was written for. */
import type { RecordedMethods } from "./methods.js";

/** A transform under way. The one that was entered last has the highest level, and sees an operation first. */
export interface Trace {
  readonly level: number;
}

export type Scalar = number | Recorded;

/** What the leaves of arguments and results are: numbers, recorded or not, and objects that say that they are leaves. */
export type Leaf = Scalar | LeafObject;

export const LEAF: unique symbol = Symbol.for("cotangent.leaf") as never;

/** A tensor, to those who only hand it on. */
export interface LeafObject {
  readonly [LEAF]: true;
}

/** A recorded value has reached code that knows only plain numbers. */
export class EscapedValueError extends TypeError {
  override readonly name = "EscapedValueError";
}

/** What is left of a value whose transform has returned has no meaning any more, and must not pass for a number. */
export const endedError = (): EscapedValueError =>
  new EscapedValueError(
    "A recorded value was used after the transform that recorded it had ended. " +
      "Return it from the function, or keep stopGradient(value).",
  );

/** The plain number at the bottom of a value, whatever records it. @throws EscapedValueError when nothing does any more */
export function primalOf(value: Scalar): number {
  let bottom = value;
  while (typeof bottom !== "number") bottom = bottom.primal;
  return bottom;
}

const REMEDY = 'Add "use ad" to that code, or pass the value through stopGradient().';

/** How a place in the source is named; the runtime knows the sources and puts a better one here. */
export const places = { describe: (_site: number): string => "" };

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- methods.ts puts them on the prototype
export interface Recorded extends RecordedMethods {}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export abstract class Recorded {
  abstract readonly trace: Trace;
  abstract readonly primal: Scalar;
  abstract readonly site: number;

  /** What JavaScript asks for when plain arithmetic meets an object. A text is given: errors and logs print values. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw escaped(this, "reached arithmetic that was not instrumented");
  }

  valueOf(): never {
    throw escaped(this, "was asked for its plain number");
  }

  toJSON(): never {
    throw escaped(this, "reached JSON.stringify");
  }

  toString(): string {
    return String(primalOf(this));
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Recorded(${this.toString()})`;
  }
}

/** A function, because a private method would cost every recorded number a brand. */
function escaped(value: Recorded, what: string): EscapedValueError {
  const from = places.describe(value.site);
  return new EscapedValueError(`A recorded value (${value.toString()}${from}) ${what}. ${REMEDY}`);
}
