/** A kernel's end: be a site, over a comm. */
import { OptionError } from "../../errors.js";
import { type DefineSite, serveOn } from "../remote/protocol.js";
import type { Port } from "../remote/port.js";
import { fromWire, toWire } from "../remote/wire.js";

export const TARGET = "cotangent.dad.site";

interface KernelComm {
  onMessage: (message: {
    readonly data: { readonly json?: unknown };
    readonly buffers: readonly Uint8Array[];
  }) => unknown;
  onClose: () => unknown;
  send(data: object, extras: { readonly buffers: readonly ArrayBufferView[] }): void;
  close(): void;
}

/** What the Cotangent kernel offers to the library. */
interface KernelComms {
  register(target: string, onOpen: (comm: KernelComm) => unknown): void;
}

/**
 * In a kernel that `kernelSites` starts: be a site, whenever a coordinator opens a comm. Another call replaces the definition.
 * @throws OptionError outside a Cotangent kernel
 */
export function serveSite<P, B>(define: DefineSite<P, B>): void {
  const comms = (globalThis as Record<symbol, unknown>)[Symbol.for("cotangent.comms")] as
    KernelComms | undefined;
  if (comms === undefined)
    throw new OptionError("serveSite is for a Cotangent kernel: put it into the setup of kernelSites.");
  comms.register(TARGET, (comm) => {
    const port: Port = {
      send(message) {
        const { json, buffers } = toWire(message);
        comm.send({ json }, { buffers });
      },
      onMessage: () => {},
      onEnd: () => {},
      close: () => {
        comm.close();
        return Promise.resolve();
      },
    };
    comm.onMessage = ({ data, buffers }) => port.onMessage(fromWire(data.json, buffers));
    comm.onClose = () => port.onEnd("the coordinator hung up");
    serveOn(port, define as unknown as DefineSite);
  });
}
