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

/** Run a script's main function; trouble is told plainly and ends with status 1. */
export async function main(run, { stderr = process.stderr } = {}) {
  try {
    await run();
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof Trouble)) throw error;
    if (error.details) stderr.write(`\n${error.details.trimEnd()}\n`);
    stderr.write(`\n${error.message}\n${error.remedy}\n`);
  }
}
