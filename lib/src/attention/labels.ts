/** Labels from outside: one text each, and none too long to be stored. */
import { OptionError } from "../errors.js";
import { MAX_LABEL_LENGTH } from "../trace/index.js";

/** @throws OptionError */
export function checkLabels(labels: readonly string[], name: string, count: number): void {
  const good = Array.isArray(labels) && labels.every((label) => typeof label === "string");
  if (!good || labels.length !== count) {
    throw new OptionError(`${name} should be a list of ${count} texts, one each.`);
  }
  const long = labels.find((label) => label.length > MAX_LABEL_LENGTH);
  if (long !== undefined) {
    throw new OptionError(
      `"${long.slice(0, 40)}…" in ${name} is longer than ${MAX_LABEL_LENGTH} characters.`,
    );
  }
}
