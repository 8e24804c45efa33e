/** `npm run docs`: the library's API documentation, by TypeDoc, into docs/api. */
import { join } from "node:path";

import { Application } from "typedoc";

import { ROOT } from "./setup/paths.mjs";

/** What TypeDoc says of the sources; the pages are written where a folder is given. @returns its complaints, as texts */
export async function documented(out) {
  const app = await Application.bootstrapWithPlugins({ options: join(ROOT, "lib", "typedoc.json") });
  const complaints = [];
  app.logger.log = (message, level) => void (level >= 2 && complaints.push(message));
  const project = await app.convert();
  if (project === undefined) return complaints;
  app.validate(project);
  if (out !== undefined) await app.generateDocs(project, out);
  return complaints.map(String);
}

if (process.argv[1] === import.meta.filename) {
  const out = process.argv[2] ?? join(ROOT, "docs", "api");
  const complaints = await documented(out);
  for (const complaint of complaints) console.error(complaint);
  console.log(`The documentation is in ${out}.`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}
