/** What `cotangent/register` does with every module that is loaded. */
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";

import { instrumentWithMap, mapComment } from "./transform/with-map.js";

/** Node ≥ 22.13 has it; with an older one, TypeScript needs a loader of its own (tsx), which runs before this one. */
const { stripTypeScriptTypes } = nodeModule as { stripTypeScriptTypes?: (source: string) => string };

export const load: nodeModule.LoadHook = async (url, context, next) => {
  const loaded = await next(url, context);
  if (loaded.source === undefined || loaded.source === null || !url.startsWith("file:")) return loaded;
  if (url.includes("/node_modules/")) return loaded;
  const isTypeScript = String(loaded.format).endsWith("-typescript");
  if (!isTypeScript && loaded.format !== "module" && loaded.format !== "commonjs") return loaded;
  const text =
    typeof loaded.source === "string"
      ? loaded.source
      : Buffer.from(loaded.source as Uint8Array).toString("utf8");
  if (!/["']use ad["']/.test(text)) return loaded;
  if (isTypeScript && stripTypeScriptTypes === undefined) return loaded;
  const made = instrumentWithMap(
    isTypeScript ? stripTypeScriptTypes!(text) : text,
    fileURLToPath(url.replace(/\?.*$/, "")),
  );
  if (made === null) return loaded;
  const format = String(loaded.format).replace("-typescript", "") as "module";
  return { ...loaded, format, source: made.code + mapComment(made.map) };
};
