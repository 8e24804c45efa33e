/** Trouble that the reader can do something about: a plain sentence with the remedy, and no stack trace. */

export class Trouble extends Error {
  /**
   * @param {string} what what is wrong, as a sentence
   * @param {string} remedy what to do about it, as a sentence
   * @param {string} [details] output of the program that failed
   */
  constructor(what, remedy, details = "") {
    super(what);
    this.name = "Trouble";
    this.remedy = remedy;
    this.details = details;
  }
}

const SYSTEM = {
  EACCES: ["may not be read or written by you", "Make the clone your own (its owner and permissions)"],
  EPERM: ["may not be read or written by you", "Make the clone your own (its owner and permissions)"],
  EROFS: ["is on a disk that is read-only", "Clone Cotangent to where you may write"],
  ENOSPC: ["could not be written: the disk is full", "Make room"],
  EDQUOT: ["could not be written: your share of the disk is full", "Make room"],
};

/** Trouble with a file, where the system's error says which. */
function fileTrouble(error) {
  const known = SYSTEM[error?.code];
  if (!known) return null;
  const [what, remedy] = known;
  return new Trouble(
    `${error.path ?? "A file of this clone"} ${what}.`,
    `${remedy} and run the same command again.`,
  );
}

/** Run a script's main function; trouble is told plainly and ends with status 1. */
export async function main(run, { stderr = process.stderr } = {}) {
  try {
    await run();
  } catch (error) {
    process.exitCode = 1;
    const trouble = error instanceof Trouble ? error : fileTrouble(error);
    if (!trouble) throw error;
    if (trouble.details) stderr.write(`\n${trouble.details.trimEnd()}\n`);
    stderr.write(`\n${trouble.message}\n${trouble.remedy}\n`);
  }
}
