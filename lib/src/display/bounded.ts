/** A trace in a bundle, as large as a saved notebook should become; and words in its place where not even its least part fits. */
import { TraceTooLargeError } from "../trace/index.js";
import type { MimeBundle } from "./bundle.js";

/**
 * @param encode bounds and encodes
 * @returns the bundle's entry; and what to say where it is missing
 */
export function boundedEntry(mime: string, encode: () => unknown): { entry: MimeBundle; missing: string[] } {
  try {
    return { entry: { [mime]: encode() }, missing: [] };
  } catch (error) {
    if (!(error instanceof TraceTooLargeError)) throw error;
    return { entry: {}, missing: [`The interactive view is missing. ${error.message}`] };
  }
}
