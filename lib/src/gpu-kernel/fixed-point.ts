/**
 * Fixed points z = f(z) of a kernel, in blocks: gpu.js runs a fixed number of steps as one pipeline, and has no early stop; so the
 * residual is computed at the end of each block, and read there.
 */
import type { View } from "../engine/engine.js";
import type { GpuEngine } from "../engine/gpu/index.js";
import type { Argument, Gpu, Kernel } from "../engine/gpu/library.js";
import { program } from "../engine/gpu/source.js";
import { checkCount, checkOptionNames, checkPositive } from "../options.js";
import { made, type PlainTensor } from "../tensor/tensor.js";
import { sizeOf, type Shape } from "../tensor/shape.js";

export interface GpuFixedPointOptions {
  /** Converged when no element of f(z) − z is larger; default 1e-5. */
  readonly tolerance?: number;
  /** Default 64; rounded up to whole blocks. */
  readonly maxIterations?: number;
  /** Steps in a block, k: the residual is looked at after each k steps; default 8. */
  readonly block?: number;
}

export interface GpuFixedPoint {
  /** The iterate with the smallest residual of those that were looked at. */
  readonly z: PlainTensor;
  /** The largest element of |f(z) − z|, in the step that led to z. */
  readonly residual: number;
  readonly converged: boolean;
  readonly reason: "converged" | "maxIterations" | "diverged";
  /** Steps that were taken. */
  readonly iterations: number;
  /** The residual at the end of each block. */
  readonly residuals: readonly number[];
  /** What ran the pipeline, by gpu.js's own account. */
  readonly executor: string;
  readonly backend: string;
}

/** Partial maxima of |f(z) − z|, of so many elements each. */
const PIECE = 64;

const differenceSource = (n: number): string =>
  program(["p0", "p1"], [
    `const start = t * ${PIECE};`,
    "let m = 0.5 - 0.5;",
    `for (let i = 0; i < ${PIECE}; i++) {`,
    `if (start + i < ${n}) {`,
    "const x = Math.abs(p0[start + i] - p1[start + i]);",
    // Unordered, it is the sum: NaN.
    "let u = x + m;",
    "if (x > m) { u = x; }",
    "if (x <= m) { u = m; }",
    "m = u;",
    "}",
    "}",
    "return m;",
  ]); // prettier-ignore

interface Block {
  readonly z: Float32Array;
  readonly difference: Float32Array;
}

/** @param text of the step, for its arguments' views, the first of which is z */
export async function fixedPoint(
  engine: GpuEngine,
  text: (views: readonly View[]) => string,
  views: readonly View[],
  shape: Shape,
  options: GpuFixedPointOptions,
): Promise<GpuFixedPoint> {
  checkOptionNames(options, ["tolerance", "maxIterations", "block"], "fixedPoint");
  const tolerance = checkPositive(options.tolerance ?? 1e-5, "tolerance");
  const steps = checkCount(options.block ?? 8, "block", 1, 512);
  const maxIterations = checkCount(options.maxIterations ?? 64, "maxIterations", 1, 100_000);
  const { device } = engine;
  const given = await Promise.all(
    views.map(({ storage }) => storage.read() as Float32Array | Promise<Float32Array>),
  );
  const n = sizeOf(shape);
  const step = device.gpu.createKernel(text(views), { output: [n], precision: "single" });
  const difference = device.gpu.createKernel(differenceSource(n), {
    output: [Math.ceil(n / PIECE)],
    precision: "single",
  });
  const pipeline = device.gpu.createPipeline(plan(step, difference, steps, views.length), { threads: false });
  const input = (numbers: Float32Array) => device.library.input(numbers, [numbers.length]);
  const others = given.slice(1).map(input);

  let best = { z: given[0]!, residual: Infinity };
  const residuals: number[] = [];
  let reason: GpuFixedPoint["reason"] = "maxIterations";
  let z = given[0]!;
  try {
    while (residuals.length * steps < maxIterations) {
      const from = z;
      const block = (await device.queue.add(() => pipeline(input(from), ...others))) as Block;
      z = block.z;
      const residual = block.difference.reduce((most, x) => (Number.isNaN(x) ? NaN : Math.max(most, x)), 0);
      residuals.push(residual);
      if (residual < best.residual) best = { z, residual };
      if (!Number.isFinite(residual)) reason = "diverged";
      else if (residual <= tolerance) reason = "converged";
      if (reason !== "maxIterations") break;
    }
    return {
      z: made(engine, engine.upload(best.z), shape),
      residual: best.residual,
      converged: reason === "converged",
      reason,
      iterations: residuals.length * steps,
      residuals,
      executor: pipeline.executorKind,
      backend: pipeline.backend,
    };
  } finally {
    await device.queue.add(() => destroy(pipeline, step, difference));
  }
}

function destroy(...all: { destroy(): void }[]): void {
  for (const each of all) each.destroy();
}

/** The calls of a block: they are recorded once, on handles, which may only be handed on. */
function plan(
  step: Kernel,
  difference: Kernel,
  steps: number,
  arity: number,
): Parameters<Gpu["createPipeline"]>[0] {
  const calls = (z: Argument, ...others: readonly Argument[]) => {
    let [now, before] = [z, z];
    for (let i = 0; i < steps; i++) {
      before = now;
      now = step(now, ...others) as Argument;
    }
    return { z: now, difference: difference(now, before) };
  };
  // gpu.js counts the parameters.
  return Object.defineProperty(calls, "length", { value: arity }) as ReturnType<typeof plan>;
}
