/** Another engine's kernels against the reference engine's, on the same numbers in the same layout. */
import assert from "node:assert/strict";

import { type Engine, type NumberArray, referenceEngine, type Storage, type View } from "cotangent";

/** The same view, on another engine. */
export const onEngine = (engine: Engine, view: View): View => ({
  ...view,
  storage: engine.upload((view.storage.read() as NumberArray).slice()),
});

export function assertClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  assert.equal(got.length, want.length, `${what}: length`);
  for (let i = 0; i < want.length; i++) {
    const [a, b] = [got[i]!, want[i]!];
    if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    assert.ok(Math.abs(a - b) <= tolerance * (1 + Math.abs(b)), `${what} [${i}]: ${a} is not ${b}`);
  }
}

type Kernel = (...args: never[]) => Storage | null | undefined;

/** @param args views and other arguments, on the reference engine; @returns whether the engine did it */
export async function agrees(
  engine: Engine,
  name: keyof typeof referenceEngine.kernels,
  args: readonly unknown[],
  tolerance: number,
  what: string,
): Promise<boolean> {
  const isView = (arg: unknown): arg is View => typeof arg === "object" && arg !== null && "storage" in arg;
  const moved = args.map((arg) => (isView(arg) ? onEngine(engine, arg) : Array.isArray(arg) ? arg.map((part: { x: View }) => ({ ...part, x: onEngine(engine, part.x) })) : arg)); // prettier-ignore
  const own = (engine.kernels[name] as Kernel | undefined)?.(...(moved as never[]));
  if (own === null || own === undefined) return false;
  const want = (referenceEngine.kernels[name] as Kernel)(...(args as never[]))!;
  assert.equal(own.dtype, want.dtype, `${what}: dtype`);
  assertClose(await own.read(), want.read() as NumberArray, tolerance, what);
  return true;
}
