/** `npm run notebooks`: execute the notebooks in place, so that they are committed with fresh outputs. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { jupyterEnvironment, ROOT, venvProgram } from "./setup/paths.mjs";
import { step } from "./setup/progress.mjs";
import { makeReady } from "./setup/ready.mjs";
import { run } from "./setup/run.mjs";
import { main, Trouble } from "./setup/trouble.mjs";

await main(async () => {
  await makeReady();
  const folder = join(ROOT, "notebooks");
  const wanted = process.argv.slice(2);
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  for (const name of names.filter(
    (each) => wanted.length === 0 || wanted.some((word) => each.includes(word)),
  )) {
    const file = join(folder, name);
    await step(name, async () => {
      const execute = join(ROOT, "test", "notebooks", "execute.py");
      const { code, output } = await run(venvProgram("python"), [execute, file, file], {
        env: jupyterEnvironment(),
      });
      if (code !== 0)
        throw new Trouble(`${name} did not run to its end.`, "The cell and its error are above.", output);
    });
  }
});
