/** The libraries that dense arithmetic is measured against, from .cotangent/peers (`npm run bench:peers`). */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ROOT } from "../../../scripts/setup/paths.mjs";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- libraries whose types are not installed
type Any = any;

const peers = createRequire(join(ROOT, ".cotangent", "peers", "package.json"));

const missing = (name: string, error: unknown): null => {
  console.log(`${name} is left out (npm run bench:peers installs it): ${String(error).split("\n")[0]}`);
  return null;
};

/** TensorFlow.js on its WebAssembly backend; null where it is not installed. */
export async function tensorflow(): Promise<Any> {
  try {
    const tf = peers("@tensorflow/tfjs-core") as Any;
    peers("@tensorflow/tfjs-core/dist/register_all_gradients.js");
    peers("@tensorflow/tfjs-backend-cpu");
    peers("@tensorflow/tfjs-backend-wasm");
    await tf.setBackend("wasm");
    await tf.ready();
    return tf;
  } catch (error) {
    return missing("TensorFlow.js", error);
  }
}

/** jax-js on WebAssembly; null where it is not installed. */
export async function jaxJs(): Promise<Any> {
  try {
    // It looks for `navigator`, which Node 20 lacks.
    if (!("navigator" in globalThis))
      Object.defineProperty(globalThis, "navigator", {
        value: { hardwareConcurrency: 2 },
        configurable: true,
      });
    const jax = (await import(pathToFileURL(peers.resolve("@jax-js/jax")).href)) as Any;
    await jax.init();
    return jax;
  } catch (error) {
    return missing("jax-js", error);
  }
}
