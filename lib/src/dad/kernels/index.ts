/** Sites in Jupyter kernels: what `import … from "cotangent/dad/kernels"` offers. For a coordinator in a notebook or in plain Node. */
import type * as JupyterServices from "@jupyterlab/services";
import type { Kernel, KernelMessage } from "@jupyterlab/services";

import { OptionError } from "../../errors.js";
import { checkOptionNames } from "../../options.js";
import type { RemoteSite } from "../participant.js";
import type { Port } from "../remote/port.js";
import { RemotePart } from "../remote/protocol.js";
import { fromWire, toWire } from "../remote/wire.js";
import { quietly } from "./quiet.js";
import { Reaper } from "./reaper.js";
import { TARGET } from "./serve.js";
import { runningServer, type Server } from "./server.js";

export type { RemoteSite } from "../participant.js";
export { type DefineSite, type SiteDefinition, SiteGoneError } from "../remote/protocol.js";
export { serveSite } from "./serve.js";
export { runningServer, type Server } from "./server.js";

export interface KernelSitesOptions {
  /** One kernel each. */
  readonly names: readonly string[];
  /** A cell that every kernel runs first: it defines model, data and optimiser, and calls `serveSite`. */
  readonly setup: string;
  /** The one that runs on this machine when not given. */
  readonly server?: Server;
  /** The kernelspec ("cotangent"). */
  readonly kernelName?: string;
  /** Seconds that a kernel may take to start and to run the setup (60). */
  readonly timeout?: number;
}

/** A setup that failed in its kernel. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

type Services = typeof JupyterServices;

async function loadServices(): Promise<Services> {
  try {
    const loaded = await import("@jupyterlab/services");
    return (loaded as unknown as { readonly default?: Services }).default ?? loaded;
  } catch (error) {
    throw new OptionError(
      `kernelSites needs the package @jupyterlab/services: npm install @jupyterlab/services. (${(error as Error).message})`,
    );
  }
}

/**
 * Sites in kernels on a running Jupyter server. The kernels are started with the run and shut down with it, whatever happens; one
 * that dies or restarts is a site that failed.
 * @throws UnknownOptionError, OptionError; what goes wrong in a kernel is the failure of its site
 */
export function kernelSites(options: KernelSitesOptions): RemoteSite[] {
  checkOptionNames(options, ["names", "setup", "server", "kernelName", "timeout"], "kernelSites");
  const { names, timeout = 60 } = options;
  if (!(timeout > 0)) throw new OptionError(`timeout should be a number of seconds above 0; got ${timeout}.`);
  return names.map((name) => ({
    name,
    async connect(index, method) {
      const services = await loadServices();
      const server = options.server ?? (await runningServer());
      const port = await startSite(services, server, options, timeout * 1000);
      const part = new RemotePart(name, index, port);
      try {
        return await part.join(method);
      } catch (error) {
        await part.close();
        throw error;
      }
    },
  }));
}

/** Start a kernel, run the setup in it, open the line. No kernel is left where one of these fails. */
async function startSite(
  { KernelAPI, KernelManager, ServerConnection }: Services,
  { baseUrl, token }: Server,
  { setup, kernelName = "cotangent" }: KernelSitesOptions,
  timeout: number,
): Promise<Port> {
  const serverSettings = ServerConnection.makeSettings({
    baseUrl,
    wsUrl: baseUrl.replace(/^http/, "ws"),
    token,
  });
  const loud = quietly();
  const manager = new KernelManager({ serverSettings });
  let starting: Promise<Kernel.IKernelConnection> | undefined;
  let reaper: Reaper | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      // Also one that was still starting when the time was over.
      const kernel = await starting?.catch(() => undefined);
      if (kernel) {
        if (await isShutDown(KernelAPI, kernel.id, serverSettings)) reaper?.forget(kernel.id);
        kernel.dispose();
      }
      reaper?.end();
      manager.dispose();
      loud();
    })());
  try {
    return await within(timeout, "its kernel to start and run the setup", async () => {
      await manager.ready;
      reaper = await Reaper.start({ baseUrl, token });
      starting = manager.startNew({ name: kernelName });
      const kernel = await starting;
      reaper.watch(kernel.id);
      await runSetup(kernel, setup);
      return openPort(kernel, close);
    });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Tries to shut a kernel down, half a second apart: a server that is starting a dead one anew refuses for as long. */
const TRIES = 40;

/**
 * By its number, and not through the connection, which does nothing for a kernel that has died: the server starts that one anew,
 * and it would stay.
 * @returns whether it is gone
 */
async function isShutDown(
  api: Services["KernelAPI"],
  id: string,
  settings: JupyterServices.ServerConnection.ISettings,
): Promise<boolean> {
  for (let left = TRIES; left > 0; left--) {
    try {
      await api.shutdownKernel(id, settings);
      return true;
    } catch (error) {
      // Where the server is gone, too, nothing is left.
      if (!(error instanceof Error && "response" in error)) return true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  return false;
}

async function within<T>(milliseconds: number, what: string, body: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${milliseconds / 1000} s for ${what}.`)), milliseconds);
  });
  try {
    return await Promise.race([body(), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function runSetup(kernel: Kernel.IKernelConnection, code: string): Promise<void> {
  const future = kernel.requestExecute({ code, store_history: false, stop_on_error: true });
  const { content } = await future.done;
  if (content.status === "ok") return;
  const { ename, evalue } = content as KernelMessage.IReplyErrorContent;
  throw new SetupError(`its setup failed: ${ename}: ${evalue}`);
}

function openPort(kernel: Kernel.IKernelConnection, close: () => Promise<void>): Port {
  const comm = kernel.createComm(TARGET);
  const port: Port = {
    send(message) {
      const { json, buffers } = toWire(message);
      void comm.send({ json } as never, undefined, buffers as never);
    },
    onMessage: () => {},
    onEnd: () => {},
    close,
  };
  comm.onMsg = ({ content, buffers = [] }) => {
    const views = buffers.map((each) => (ArrayBuffer.isView(each) ? each : new Uint8Array(each)));
    port.onMessage(fromWire((content.data as { json?: unknown }).json, views));
  };
  comm.onClose = () => port.onEnd("its kernel hung up: does the setup call serveSite?");
  kernel.statusChanged.connect((_, status) => {
    if (["dead", "restarting", "autorestarting", "terminating"].includes(status)) port.onEnd(`its kernel is ${status}`); // prettier-ignore
  });
  kernel.disposed.connect(() => port.onEnd("its kernel was shut down"));
  void comm.open();
  return port;
}
