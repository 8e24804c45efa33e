/** `plugins: [useAd()]` in vite.config: "use ad" in what Vite serves and bundles (Rollup, too). */
import { instrumentWithMap, type SourceMap } from "../transform/with-map.js";

/** Vite strips types before the plugins that ask for no special place, and joins the maps of all steps itself. */
export function useAd(): {
  name: string;
  transform(code: string, id: string): { code: string; map: SourceMap } | null;
} {
  return {
    name: "cotangent-use-ad",
    transform(code, id) {
      if (id.includes("/node_modules/") || !/\.[cm]?[jt]sx?(?:\?|$)/.test(id)) return null;
      return instrumentWithMap(code, id.replace(/\?.*$/, ""));
    },
  };
}
