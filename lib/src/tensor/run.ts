/** Running a kernel: on the engine that holds the arguments, or, where that has none, on the reference engine. */
import { DtypeError } from "../errors.js";
import type { Engine, Kernels, Storage, View } from "../engine/engine.js";
import { count } from "../engine/ran.js";
import { referenceEngine } from "../engine/reference/engine.js";
import { numbersOf } from "../engine/reference/kernels/elements.js";
import type { PlainTensor } from "./tensor.js";
import { later } from "./later.js";
import { shapeText } from "./shape.js";

/** Numbers move up this list where tensors of several engines meet: up it is an upload, down it would be a wait. */
const order = ["reference", "wasm", "gpu"] as const;

/** The engine of all arguments, and views of them on it. */
export function together(tensors: readonly PlainTensor[]): { engine: Engine; views: View[] } {
  let { engine } = tensors[0]!;
  for (const tensor of tensors)
    if (order.indexOf(tensor.engine.name) > order.indexOf(engine.name)) engine = tensor.engine;
  return { engine, views: tensors.map((tensor) => viewOn(tensor, engine)) };
}

/** A tensor's view, on an engine; uploaded where it is on another one. */
export function viewOn({ engine, view }: PlainTensor, to: Engine): View {
  if (engine === to) return view;
  return { ...view, storage: to.upload(numbersOf(view.storage).slice()) };
}

type Name = keyof Kernels;

/** @returns what the kernel gives; the reference engine's answer, uploaded, where the engine refuses */
export function runKernel<K extends Name>(
  engine: Engine,
  name: K,
  ...args: Parameters<Kernels[K]>
): ReturnType<Kernels[K]> {
  const own = engine.kernels[name] as
    ((...args: Parameters<Kernels[K]>) => ReturnType<Kernels[K]> | null) | undefined;
  const result = own?.(...args);
  if (result !== undefined && result !== null) {
    count(engine.name, name);
    return result;
  }
  count("reference", name);
  if (!engine.synchronous && isPending(args)) {
    const storages = later(engine, name, args);
    return (name === "qr" || name === "svd" ? storages : storages[0]) as ReturnType<Kernels[K]>;
  }
  const byReference = referenceEngine.kernels[name] as unknown as (
    ...args: unknown[]
  ) => Storage | readonly Storage[];
  const given = byReference(...args);
  const upload = (storage: Storage) => engine.upload(numbersOf(storage));
  return (Array.isArray(given) ? given.map(upload) : upload(given as Storage)) as ReturnType<Kernels[K]>;
}

/** Whether some argument's numbers are not there yet. */
function isPending(args: readonly unknown[]): boolean {
  return args.some((arg) => {
    if (Array.isArray(arg)) return isPending(arg.map((part: { x: View }) => part.x));
    if (typeof arg !== "object" || arg === null || !("storage" in arg)) return false;
    // Only integers may be beside a device that answers later; others are not read to find out.
    const { storage } = arg as View;
    if (storage.dtype !== "int32") return true;
    const data = storage.read();
    if (!(data instanceof Promise)) return false;
    data.catch(() => {});
    return true;
  });
}

/**
 * That the floating-point arguments have one dtype.
 * @throws DtypeError naming both
 */
export function checkDtypes(
  what: string,
  tensors: readonly { readonly dtype: string; readonly shape: readonly number[] }[],
): void {
  const first = tensors[0]!;
  for (const other of tensors)
    if (other.dtype !== first.dtype)
      throw new DtypeError(
        `${what} was given ${first.dtype} ${shapeText(first.shape)} and ${other.dtype} ${shapeText(other.shape)}. ` +
          `Convert one of them: t.astype("${first.dtype === "int32" ? other.dtype : first.dtype}").`,
      );
}
