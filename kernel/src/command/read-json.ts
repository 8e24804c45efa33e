/** JSON from a file that may be missing or broken. */
import { readFileSync } from "node:fs";

/** @returns null where there is no such file, or no JSON in it */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
