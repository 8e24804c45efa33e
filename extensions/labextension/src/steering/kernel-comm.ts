/** One comm a kernel by which a reader steers what runs there. */
import type { Kernel } from "@jupyterlab/services";
import type { WishRow } from "./wishes.js";

/** The kernel itself listens there, also while a cell runs. */
export const STEERING_TARGET = "cotangent.steering";

const comms = new WeakMap<Kernel.IKernelConnection, Kernel.IComm>();

/** Ask at once; the answer is not waited for. */
export function ask(kernel: Kernel.IKernelConnection, wish: WishRow["wish"]): void {
  const known = comms.get(kernel);
  if (known !== undefined && !known.isDisposed) {
    known.send({ wish });
    return;
  }
  const comm = kernel.createComm(STEERING_TARGET);
  comms.set(kernel, comm);
  // A kernel that was restarted knows nothing of the comm: the next wish opens another.
  kernel.statusChanged.connect((_, status) => {
    if (status === "restarting" || status === "autorestarting") comms.delete(kernel);
  });
  comm.open({ wish });
}
