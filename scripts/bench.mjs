/** `npm run bench`: every benchmark in test/bench, or those whose path contains an argument; options go to the benchmarks themselves. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

import { ROOT } from "./setup/paths.mjs";
import { makeReady } from "./setup/ready.mjs";
import { main } from "./setup/trouble.mjs";

await main(async () => {
  await makeReady();
  const folder = join(ROOT, "test", "bench");
  const [options, wanted] = [true, false].map((is) =>
    process.argv.slice(2).filter((word) => word.startsWith("--") === is),
  );
  const files = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".bench.ts"))
    .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
    .sort();
  for (const file of files) {
    const path = join(folder, file);
    console.log(`\n# ${relative(ROOT, path)}`);
    const child = spawn(process.execPath, ["--import", "tsx", path, ...options], {
      cwd: ROOT,
      stdio: "inherit",
    });
    const [code] = await once(child, "close");
    if (code !== 0) process.exitCode = 1;
  }
});
