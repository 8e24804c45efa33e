/** `esbuild.build({ plugins: [useAd()] })`: "use ad" in what is bundled. */
import { readFile } from "node:fs/promises";

import { instrumentWithMap, mapComment, type SourceMap } from "../transform/with-map.js";

/** The part of esbuild's plugin interface that is used, so that esbuild itself is not needed for the types. */
interface Build {
  readonly esbuild: {
    transform(
      source: string,
      options: { loader: "ts" | "tsx" | "jsx"; sourcemap: "external"; sourcefile: string },
    ): Promise<{ code: string; map: string }>;
  };
  onLoad(
    options: { filter: RegExp },
    callback: (file: { path: string }) => Promise<{ contents: string; loader: "js" } | undefined>,
  ): void;
}

const LOADERS: Readonly<Record<string, "ts" | "tsx" | "jsx">> = {
  ...{ ts: "ts", mts: "ts", cts: "ts" },
  ...{ tsx: "tsx", jsx: "jsx" },
};

export function useAd(): { name: string; setup(build: Build): void } {
  return {
    name: "cotangent-use-ad",
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        if (!/["']use ad["']/.test(source)) return undefined;
        const loader = LOADERS[/\.(\w+)$/.exec(path)![1]!];
        const emitted =
          loader &&
          (await build.esbuild.transform(source, { loader, sourcemap: "external", sourcefile: path }));
        const map = emitted ? (JSON.parse(emitted.map) as SourceMap) : null;
        const made = instrumentWithMap(emitted?.code ?? source, path, map);
        return made === null ? undefined : { contents: made.code + mapComment(made.map), loader: "js" };
      });
    },
  };
}
