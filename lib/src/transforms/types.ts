/** What a transform makes of the types of the function that it is given. */
import type { LeafObject, Recorded } from "../ad/recorded.js";

/** A type as the caller of a transformed function sees it: plain numbers where the function has recorded ones. */
export type Plain<T> = T extends LeafObject
  ? T
  : T extends Recorded
    ? number
    : T extends number
      ? number
      : T extends (...args: never[]) => unknown
        ? T
        : T extends object
          ? { [K in keyof T]: Plain<T[K]> }
          : T;

export type PlainArgs<A extends readonly unknown[]> = { [K in keyof A]: Plain<A[K]> };

/** Any function that can be transformed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- so that every function type is assignable to it
export type Differentiable = (...args: any[]) => unknown;
