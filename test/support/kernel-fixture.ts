/** One kernel process for a suite: started before it, gone after it. */
import { KernelClient, type KernelOptions } from "./kernel-client.js";

/** @returns a function that gives the suite's kernel */
export function useKernel(options: KernelOptions = {}): () => KernelClient {
  let kernel: KernelClient | undefined;
  before(async () => {
    kernel = await KernelClient.start(options);
  });
  after(async () => {
    await kernel?.stop();
  });
  return () => kernel!;
}
