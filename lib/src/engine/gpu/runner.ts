/** From views to a kernel's run: what this engine refuses, and what is nothing to do. */
import type { Dtype, Storage, View } from "../engine.js";
import { sizeOf } from "../reference/kernels/elements.js";
import type { Device } from "./device.js";
import { LARGEST } from "./source.js";
import { GpuStorage } from "./storage.js";

/**
 * @param views the arguments, in the order of the program's parameters
 * @param shape of the result
 * @param source of the kernel; not asked for where the engine refuses
 * @returns null for what is too large, is empty, or is not in single precision
 */
export type Runner = (
  views: readonly View[],
  shape: readonly number[],
  source: () => string,
  dtype?: Dtype,
) => Storage | null;

/** Booleans and indices among the arguments may be integers. */
const isOurs = ({ storage }: View): boolean =>
  storage instanceof GpuStorage && storage.length > 0 && storage.length <= LARGEST;

export const runnerOn =
  (device: Device): Runner =>
  (views, shape, source, dtype) => {
    const size = sizeOf(shape);
    if (size === 0 || size > LARGEST || !views.every(isOurs)) return null;
    const inputs = views.map(({ storage }) => storage as GpuStorage);
    return device.launch(source(), size, inputs, dtype ?? resultDtype(inputs));
  };

const resultDtype = (inputs: readonly GpuStorage[]): Dtype =>
  inputs.some(({ dtype }) => dtype === "float32") ? "float32" : "int32";
