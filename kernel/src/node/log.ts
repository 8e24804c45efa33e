/** The kernel's own log: straight to file descriptor 2, because process.stderr belongs to the notebook. */
import { writeSync } from "node:fs";

export function log(line: string): void {
  try {
    writeSync(2, `[cotangent] ${line}\n`);
  } catch {
    // Nobody reads the log any more; there is nobody to tell.
  }
}
