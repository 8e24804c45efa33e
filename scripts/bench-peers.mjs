/** `npm run bench:peers`: install the kernels and libraries that ours are measured against, into .cotangent/peers. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./setup/paths.mjs";
import { step } from "./setup/progress.mjs";
import { npm } from "./setup/run.mjs";
import { main, Trouble } from "./setup/trouble.mjs";

const PEERS = {
  tslab: "1.0.22",
  deno: "2.9.6",
  "@types/node": "20.19.43",
  "@tensorflow/tfjs-core": "4.22.0",
  "@tensorflow/tfjs-backend-cpu": "4.22.0",
  "@tensorflow/tfjs-backend-wasm": "4.22.0",
  "@jax-js/jax": "0.1.25",
};

await main(async () => {
  const folder = join(ROOT, ".cotangent", "peers");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: PEERS }));
  await step("Installing tslab, Deno, TensorFlow.js and jax-js to measure against", async () => {
    const { code, output } = await npm(["install"], { cwd: folder });
    if (code !== 0)
      throw new Trouble("npm could not install the peers.", "The messages above say why.", output);
  });
});
