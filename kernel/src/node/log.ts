/** The kernel's own log: straight to file descriptor 2, because process.stderr belongs to the notebook. */
import fs from "node:fs";

/** Taken before the one that user code sees is made to write into the notebook. */
const { writeSync } = fs;

export function log(line: string): void {
  try {
    writeSync(2, `[cotangent] ${line}\n`);
  } catch {
    // Nobody reads the log any more; there is nobody to tell.
  }
}
