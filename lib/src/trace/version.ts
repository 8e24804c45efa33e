/** The version rule of the format: every 1.x is read, a newer major version gets a readable refusal. */
import { MalformedTraceError, NewerTraceError } from "./errors.js";
import { show } from "./fields.js";

const READS_MAJOR = 1;

const newer = (what: string) =>
  new NewerTraceError(
    `This trace was written by a newer Cotangent (${what}); this one reads version ${READS_MAJOR}. ` +
      `Update Cotangent to see it.`,
  );

/** @returns the version, when this library can read it */
export function checkVersion(version: unknown): string {
  const match = typeof version === "string" ? /^(\d{1,6})\.(\d{1,6})$/.exec(version) : null;
  if (!match || Number(match[1]) < 1) {
    throw new MalformedTraceError(`version should be a text like "1.0", but it is ${show(version)}.`);
  }
  if (Number(match[1]) > READS_MAJOR) throw newer(`format ${match[0]}`);
  return match[0];
}

/** Check a MIME type of ours, for example `application/vnd.cotangent.attention.v1+json`. */
export function checkMimeType(mimeType: string): void {
  const match = /^application\/vnd\.cotangent\.[a-z]+\.v(\d{1,6})\+json$/.exec(mimeType);
  if (!match) throw new MalformedTraceError(`${show(mimeType)} is not the MIME type of a Cotangent trace.`);
  if (Number(match[1]) > READS_MAJOR) throw newer(match[0]);
}
