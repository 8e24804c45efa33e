/** gpuKernel: a kernel of gpu.js, written by a user, as an operation on tensors with derivatives. */
import type { Engine, View } from "../engine/engine.js";
import { createGpuEngine, type GpuEngine } from "../engine/gpu/index.js";
import { loadLibrary } from "../engine/gpu/library.js";
import type { GpuStorage } from "../engine/gpu/storage.js";
import { found } from "../engine/use.js";
import { ShapeError } from "../errors.js";
import { checkFinite, checkOptionNames } from "../options.js";
import type { Scalar } from "../ad/recorded.js";
import { scalarTensor } from "../tensor/lift.js";
import { applyOne, type Maybe, type TensorOp } from "../tensor/op.js";
import { viewOn } from "../tensor/run.js";
import { sameShape, type Shape, shapeText, sizeOf } from "../tensor/shape.js";
import { add } from "../tensor/functions/elementwise.js";
import { isTensor, made, type PlainTensor, type Tensor } from "../tensor/tensor.js";
import { zeros } from "../tensor/create.js";
import { adjoints } from "./adjoint.js";
import { fixedPoint, type GpuFixedPoint, type GpuFixedPointOptions } from "./fixed-point.js";
import { kernelText, type Setting } from "./program.js";
import { GpuKernelError, type KernelSyntax, readKernel } from "./syntax.js";

export type { GpuFixedPoint, GpuFixedPointOptions } from "./fixed-point.js";
export { GpuKernelError } from "./syntax.js";

export interface GpuKernelOptions {
  /** The shape of the result, at most three axes, [z, y, x]; or from the shapes of the arguments. That of the argument with most axes when not given. */
  readonly output?: Shape | ((...shapes: readonly Shape[]) => Shape);
  /** `this.constants`: compiled into the kernel. */
  readonly constants?: Readonly<Record<string, number>>;
  /**
   * The adjoint, where it should not or cannot be derived: from that of the result to those of the arguments, written in
   * operations on tensors. Undefined for an argument that has none.
   */
  readonly vjp?: (yBar: Tensor, y: Tensor, ...args: readonly Tensor[]) => readonly (Tensor | undefined)[];
  /** Where it runs; the GPU that `useEngine` found, or else gpu.js's WebAssembly. */
  readonly engine?: GpuEngine;
}

/** Tensors of float32, on any engine, and numbers, which the kernel reads without an index. */
export interface GpuKernel {
  (...args: readonly (Tensor | Scalar)[]): Tensor;
  /**
   * The z with z = f(z, …): iterated on the device in blocks of k steps, each one pipeline, with the residual read between them.
   * @param args z₀, and the other arguments, which stay as they are
   * @throws GpuKernelError where f's result has another shape than z
   */
  fixedPoint(args: readonly (Tensor | number)[], options?: GpuFixedPointOptions): Promise<GpuFixedPoint>;
}

let ownEngine: Promise<GpuEngine> | undefined;

/** Without a GPU, gpu.js's own WebAssembly serves for kernels that users write; nothing else has them. */
async function defaultEngine(): Promise<GpuEngine> {
  if (found.gpu) return found.gpu;
  const { GPU } = await loadLibrary();
  return (ownEngine ??= createGpuEngine({ mode: GPU.isWebAssemblySupported ? "webasm" : "cpu" }));
}

/**
 * A kernel in gpu.js's language as an operation on tensors. Its derivative is derived where the kernel is elementwise (every
 * index is `this.thread.x`, `y` or `z`; what lacks an axis is broadcast) or sums over one loop
 * (`for (let i = 0; i < n; i++) s += …`, with indices that are threads or i); any other kernel needs a `vjp`. The tangent
 * (jvp) is derived for every kernel.
 *
 * The kernel is compiled from its text, so it sees its parameters, `this.thread`, `this.output`, `this.constants` and Math, and
 * nothing else. Powers with other than small whole exponents need a base that is not negative.
 *
 * @param f a function, or its text
 * @returns the operation; its result is on the gpu engine: `await y.data()`
 * @throws GpuKernelError for what is not in the language, with the place; GpuUnavailableError where gpu.js is not installed
 * @example
 * const soft = await gpuKernel("function soft(x, k) { return Math.log(1 + Math.exp(k * x[this.thread.x])) / k; }");
 * const x = tensor([0, 3]);
 * const slope = await grad((at: typeof x) => soft(at, 2).sum())(x).data();
 * if (Math.abs(slope[0] - 0.5) > 1e-6) throw new Error("that is not the slope");
 */
export async function gpuKernel(
  f: string | ((...args: never[]) => unknown),
  options: GpuKernelOptions = {},
): Promise<GpuKernel> {
  checkOptionNames(options, ["output", "constants", "vjp", "engine"], "gpuKernel");
  for (const [name, value] of Object.entries(options.constants ?? {}))
    checkFinite(value, `constants.${name}`);
  const syntax = await readKernel(f);
  const engine = options.engine ?? (await defaultEngine());
  const taken = (args: readonly (Tensor | Scalar)[]): Tensor[] => {
    if (args.length !== syntax.parameters.length)
      throw new GpuKernelError(
        `${syntax.name} takes ${syntax.parameters.length} arguments (${syntax.parameters.join(", ")}) and was given ${args.length}.`,
      );
    const like = zeros([], { engine });
    return args.map((arg) => (isTensor(arg) ? arg : scalarTensor(arg, like)));
  };
  const kernel = (...args: readonly (Tensor | Scalar)[]): Tensor => {
    const x = taken(args);
    return applyOne(operation(syntax, options, engine, x), x, undefined);
  };
  return Object.assign(kernel, {
    async fixedPoint(
      args: readonly (Tensor | number)[],
      how: GpuFixedPointOptions = {},
    ): Promise<GpuFixedPoint> {
      const x = taken(args).map((tensor) => tensor.plain.contiguous() as PlainTensor);
      const output = outputShape(syntax, options, x);
      if (!x[0] || !sameShape(output, x[0].shape))
        throw new GpuKernelError(
          `${syntax.name} has no fixed point: it makes ${shapeText(output)} of z ${x[0] ? shapeText(x[0].shape) : "(none)"}.`,
        );
      const text = (views: readonly View[]) =>
        kernelText({ syntax, constants: options.constants ?? {}, views, output });
      return fixedPoint(
        engine,
        text,
        x.map((tensor) => viewOn(tensor, engine)),
        output,
        how,
      );
    },
  });
}

function outputShape(syntax: KernelSyntax, { output }: GpuKernelOptions, x: readonly Tensor[]): Shape {
  const shapes = x.map(({ shape }) => shape);
  const most = shapes.reduce((best, shape) => (shape.length > best.length ? shape : best), [] as Shape);
  const shape = typeof output === "function" ? output(...shapes) : (output ?? most);
  if (
    shape.length > 3 ||
    sizeOf(shape) === 0 ||
    !shape.every((extent) => Number.isInteger(extent) && extent > 0)
  )
    throw new ShapeError(
      `The output of ${syntax.name} has at most three axes, none of them empty; got ${shapeText(shape)}.`,
    );
  return shape;
}

/** The row of one call. */
function operation(
  syntax: KernelSyntax,
  options: GpuKernelOptions,
  engine: GpuEngine,
  args: readonly Tensor[],
): TensorOp<undefined> {
  const output = outputShape(syntax, options, args);
  const constants = options.constants ?? {};
  const passive = args.flatMap(({ dtype }, i) => (dtype === "int32" ? [i] : []));
  const setting = (views: readonly View[]): Setting => ({ syntax, constants, views, output });

  /** A kernel that is derived of this one: its arguments, and more. */
  const launched = (
    x: readonly Tensor[],
    source: (on: Setting) => string,
    extra: readonly Tensor[],
    shape: Shape,
  ): Tensor =>
    applyOne(
      derived(`${syntax.name}'s derivative`, passive, shape, engine, (views) =>
        source(setting(views.slice(0, x.length))),
      ),
      [...x, ...extra],
      undefined,
    );

  return {
    name: syntax.name,
    passive,
    shapes: () => [output],
    forward: (x) => [run(engine, x, output, (views) => kernelText(setting(views)))],
    vjp({ x, y, wants }, [yBar]) {
      if (options.vjp) return options.vjp(yBar!, y[0]!, ...x);
      const views = x.map((tensor) => tensor.plain.view);
      return adjoints(setting(views), wants, dense(yBar!), (source, extra, shape) =>
        launched(x, source, extra, shape),
      );
    },
    jvp({ x }, dots) {
      const given = dots.flatMap((dot, i) => (dot ? [i] : []));
      const alike = x.map(dense);
      let sum: Tensor | undefined;
      for (const some of groups(given, Math.max(1, MOST_ARRAYS - x.length))) {
        const source = (on: Setting) =>
          kernelText(on, {
            extra: some.map((i) => `d${i}`),
            // A tangent is read where its primal is.
            tangent: (argument, place) => (some.includes(argument) ? `d${argument}[${place}]` : null),
            result: ({ d }) => [`return ${d ?? "(0.5 - 0.5)"};`],
          });
        const part = launched(
          alike,
          source,
          some.map((i) => dense(dots[i]!)),
          output,
        );
        sum = sum ? add(sum, part) : part;
      }
      return [sum];
    },
  };
}

/** WebGPU binds no more than eight arrays, of which one is the result and one gpu.js's own. */
const MOST_ARRAYS = 6;

const groups = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

const dense = (x: Tensor): Tensor => x.contiguous();

/** One that cannot be differentiated again: its adjoint is a kernel of which nothing is known. */
function derived(
  name: string,
  passive: readonly number[],
  shape: Shape,
  engine: Engine,
  text: (views: readonly View[]) => string,
): TensorOp<undefined> {
  const again = (): readonly Maybe<Tensor>[] => {
    throw new GpuKernelError(
      `${name} has no derivative itself: derived adjoints of kernels are of first order. Give a vjp in operations on tensors for second derivatives.`,
    );
  };
  return {
    name,
    passive,
    shapes: () => [shape],
    forward: (x) => [run(engine as GpuEngine, x, shape, text)],
    vjp: again,
    jvp: again,
  };
}

function run(
  engine: GpuEngine,
  x: readonly PlainTensor[],
  shape: Shape,
  text: (views: readonly View[]) => string,
): PlainTensor {
  const views = x.map((tensor) => viewOn(tensor, engine));
  const storages = views.map(({ storage }) => storage as GpuStorage);
  return made(engine, engine.device.launch(text(views), sizeOf(shape), storages), shape);
}
