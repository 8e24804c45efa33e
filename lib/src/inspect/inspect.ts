/** `inspect`: what a function computes and what its derivatives are made of, to be played forwards and backwards. */
import { boundedEntry } from "../display/bounded.js";
import type { MimeBundle } from "../display/bundle.js";
import { stillEntry } from "../display/still.js";
import { tapeSummary } from "../display/tape-summary.js";
import { tapeSvg } from "../display/tape-svg.js";
import { record, type RecordedFunction, type ToTraceOptions } from "../tape/record.js";
import {
  boundTapeTrace,
  encodeTapeTrace,
  MAX_LABEL_LENGTH,
  TAPE_MIME,
  type TapeTrace,
} from "../trace/index.js";
import type { Plain, PlainArgs } from "../transforms/types.js";
import { kinkFindings } from "./kinks.js";
import { named, parameterNames } from "./parameters.js";
import { traceWithProducts } from "./products.js";

/** What a function computed, shown by a Jupyter kernel as the tape view, and by a terminal in words. */
export class Inspection<A extends unknown[] = unknown[], R = unknown> {
  readonly #recorded: RecordedFunction<A, R>;
  /** Values, adjoints, local partials, places in the source, findings: all that the view has. */
  readonly trace: TapeTrace;

  /** Made by `inspect`. */
  constructor(recorded: RecordedFunction<A, R>, trace: TapeTrace) {
    this.#recorded = recorded;
    this.trace = trace;
  }

  get value(): Plain<R> {
    return this.#recorded.value;
  }

  /** The tape itself: to replay, to sweep, to print. */
  get recorded(): RecordedFunction<A, R> {
    return this.#recorded;
  }

  /** The same tape with the adjoints of another number of the result, in order. @throws OptionError where there is none */
  of(output: number): Inspection<A, R> {
    // Of the paths the adjoints are those of the first number.
    const { title, inputs, findings } = this.trace;
    return new Inspection(this.#recorded, {
      ...traceWithProducts(this.#recorded, { output, title }),
      inputs,
      findings,
    });
  }

  toString(): string {
    return tapeSummary(this.trace);
  }

  /** What Node's console shows: words instead of thousands of numbers. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** What a Jupyter kernel shows: the trace for the view, the still picture, and words. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    const { entry, missing } = boundedEntry(
      TAPE_MIME,
      () => encodeTapeTrace(boundTapeTrace(this.trace)).data,
    );
    const still = stillEntry(() => tapeSvg(this.trace));
    return {
      ...entry,
      ...still.entry,
      "text/plain": tapeSummary(this.trace, [...missing, ...still.missing]),
    };
  }
}

const titleOf = ({ name }: { readonly name: string }): string =>
  Array.from(name || "f")
    .slice(0, MAX_LABEL_LENGTH)
    .join("");

/**
 * Run a function, keep its tape with every operation, sweep it back from the (first number of the) result, and look for kinks
 * whose second derivative AD cannot see. Costs nothing where it is not called.
 *
 * @param f with "use ad", or written with `ops`
 * @param args what it is called with: numbers, arrays, objects of them, tensors
 * @throws TreeError when an argument or the result has leaves that are neither numbers nor tensors
 * @example
 * const seen = inspect((x: number, y: number) => ops.mul(ops.sin(x), y), 0, 4);
 * if (seen.trace.nodes.adjoint[0] !== 4) throw new Error(seen.toString());
 */
export function inspect<A extends unknown[], R>(
  f: (...args: A) => R,
  ...args: PlainArgs<A>
): Inspection<A, R> {
  const recorded = record<A, R>(f, ...args);
  const options: ToTraceOptions = { title: titleOf(f) };
  const trace = traceWithProducts(recorded, options);
  const names = parameterNames(f as (...args: never[]) => unknown);
  const inputs = trace.inputs.map(({ node, path }) => ({ node, path: named(path, names) }));
  const whole = { ...trace, inputs };
  const findings = kinkFindings(f as (...args: unknown[]) => unknown, args, whole);
  return new Inspection(recorded, { ...whole, findings });
}
