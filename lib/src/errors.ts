/** The named errors of the library; each message says what, where, and what now. */

/** An option that does not exist; nothing is ignored silently. */
export class UnknownOptionError extends Error {
  override readonly name = "UnknownOptionError";
}

/** An option, or an argument, with a value that it cannot have. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";
}

/** A matrix whose shape does not fit. */
export class ShapeError extends RangeError {
  override readonly name = "ShapeError";
}
