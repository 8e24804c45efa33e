/** Asking a kernel to solve again, over one comm a kernel; each answer goes to whom it answers. */
import type { Resolve, Resolved } from "@cotangent/views";
import type { Kernel } from "@jupyterlab/services";
import { kernelOfOutput } from "./of-output.js";

/** The library listens there, in the kernel. */
const RESOLVE_TARGET = "cotangent.resolve";

const NO_KERNEL = "There is no kernel to ask: start one and run the cell again.";
const NO_ANSWER = "The kernel no longer has this solve: run its cell again to move its sliders.";

interface Waiting {
  readonly resolve: (answer: Resolved) => void;
  readonly reject: (error: Error) => void;
}

interface Line {
  readonly comm: Kernel.IComm;
  readonly waiting: Map<number, Waiting>;
  opened: boolean;
}

const lines = new WeakMap<Kernel.IKernelConnection, Line>();
let requests = 0;

/** Nobody answers any more. */
function hangUp(kernel: Kernel.IKernelConnection, { waiting }: Line): void {
  lines.delete(kernel);
  for (const { reject } of waiting.values()) reject(new Error(NO_ANSWER));
  waiting.clear();
}

function lineTo(kernel: Kernel.IKernelConnection): Line {
  const known = lines.get(kernel);
  if (known !== undefined && !known.comm.isDisposed) return known;
  const line: Line = { comm: kernel.createComm(RESOLVE_TARGET), waiting: new Map(), opened: false };
  lines.set(kernel, line);
  line.comm.onMsg = ({ content: { data }, buffers }) => {
    const asked = line.waiting.get(Number(data["request"]));
    line.waiting.delete(Number(data["request"]));
    if (asked === undefined) return;
    if (typeof data["error"] === "string") asked.reject(new Error(data["error"]));
    else asked.resolve({ data: data["trace"], buffers: buffers ?? [] });
  };
  // A kernel in which nothing listens closes the comm at once.
  line.comm.onClose = () => hangUp(kernel, line);
  kernel.statusChanged.connect((_, status) => {
    if (["restarting", "autorestarting", "dead"].includes(status)) hangUp(kernel, line);
  });
  return line;
}

/** @param solve by what the trace says it can be asked for */
export const resolverOf =
  (node: HTMLElement, solve: string): Resolve =>
  ({ temperature, damping }) =>
    new Promise((resolve, reject) => {
      const kernel = kernelOfOutput(node);
      if (kernel === null) return reject(new Error(NO_KERNEL));
      const line = lineTo(kernel);
      const request = ++requests;
      line.waiting.set(request, { resolve, reject });
      const asked = { solve, request, temperature: [...temperature], damping };
      if (line.opened) line.comm.send(asked);
      else line.comm.open(asked);
      line.opened = true;
    });
