/** Errors of reading a trace; their messages are shown to the reader in place of the picture. */

/** Base of all trace errors. */
export class TraceError extends Error {
  override readonly name: string = "TraceError";
}

/** A field is missing, of the wrong type, or contradicts another one. */
export class MalformedTraceError extends TraceError {
  override readonly name = "MalformedTraceError";
}

/** The trace claims or holds more than a reader accepts. */
export class TraceTooLargeError extends TraceError {
  override readonly name = "TraceTooLargeError";
}

/** The trace was written in a newer major version of the format. */
export class NewerTraceError extends TraceError {
  override readonly name = "NewerTraceError";
}
