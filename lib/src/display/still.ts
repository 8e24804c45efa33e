/** The picture in a bundle, for those who have neither kernel nor extension; or why it is missing. */
import { toBase64 } from "../trace/index.js";
import type { MimeBundle } from "./bundle.js";
import { rasteriseNow } from "./rasterise.js";

/**
 * At once, so that a display keeps its place among what a cell prints.
 *
 * @param svg draws it
 * @returns the bundle's entry; and what to say where resvg cannot run, as in a browser
 */
export function stillEntry(svg: () => string): { entry: MimeBundle; missing: string[] } {
  try {
    return { entry: { "image/png": toBase64(rasteriseNow(svg())) }, missing: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { entry: {}, missing: [`The still picture is missing: ${why}`] };
  }
}
