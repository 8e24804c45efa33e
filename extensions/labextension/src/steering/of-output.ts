/** From an output to the kernel that it came from: the renderers know no kernels, the plugin does. */
import type { Kernel } from "@jupyterlab/services";
import { ask } from "./kernel-comm.js";
import type { WishRow } from "./wishes.js";

/** The kernel of the notebook that an element is in, if it is one of ours. */
type FindKernel = (node: HTMLElement) => Kernel.IKernelConnection | null;

let find: FindKernel | undefined;

/** Called by the plugin, once the application has notebooks. */
export function findKernelsBy(by: FindKernel): void {
  find = by;
}

/** Whether there is anyone to ask. */
export const canSteer = (): boolean => find !== undefined;

/** The kernel that an output came from. */
export const kernelOfOutput = (node: HTMLElement): Kernel.IKernelConnection | null => find?.(node) ?? null;

/** Ask the computation whose output this is; an output without a kernel asks nobody. */
export function steer(node: HTMLElement, wish: WishRow["wish"]): void {
  const kernel = kernelOfOutput(node);
  if (kernel !== null) ask(kernel, wish);
}
