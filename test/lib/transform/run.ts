/** Programs for the tests of the pass: run as they are, and instrumented. */
import { instrument } from "../../../lib/src/transform/index.js";
import { makeRuntime, primal, Recorded, type Runtime, withRuntime } from "./symbolic-runtime.js";

type Main = (...inputs: unknown[]) => unknown;

/** A program ends in an expression, which is the function to call. */
const load = (code: string, main: string): Main => new Function(`${code}\nreturn ${main};`)() as Main;

export interface Program {
  readonly plain: Main;
  readonly instrumented: Main;
  readonly code: string;
  readonly runtime: Runtime;
}

export function program(source: string, main = "main"): Program {
  const code = instrument(source, { name: "program.js" })?.code ?? source;
  const runtime = makeRuntime();
  const instrumented = withRuntime(runtime, () => load(code, main));
  return { plain: load(source, main), instrumented, code, runtime };
}

/** With recording on. */
export function recording<T>(runtime: Runtime, run: () => T): T {
  runtime.recording = 1;
  try {
    return withRuntime(runtime, run);
  } finally {
    runtime.recording = 0;
  }
}

/** Results with their recorded numbers as ordinary ones. */
export function primals(value: unknown): unknown {
  if (value instanceof Recorded) return value.value;
  if (Array.isArray(value)) return value.map(primals);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, primals(part)]));
  return value;
}

export const inputs = (values: readonly number[]): Recorded[] =>
  values.map((value, i) => new Recorded(value, `x[${i}]`));

/** What the expression of a recorded number comes to, computed anew. */
export const evaluate = (value: unknown, x: readonly number[]): unknown =>
  value instanceof Recorded ? (new Function("x", `return ${value.text}`) as Main)(x) : primal(value);

/** The code without the bodies in which recorded numbers are two variables; those have tests of their own. */
export const withoutUnboxed = (code: string): string =>
  code.replace(/const \$ut = .*? \} (?=const \$ = )/g, "");
