/** The named errors of the library; each message says what, where, and what now. */

/** An option that does not exist; nothing is ignored silently. */
export class UnknownOptionError extends Error {
  override readonly name = "UnknownOptionError";
}

/** An option, or an argument, with a value that it cannot have. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";
}

/** A matrix or a tensor whose shape does not fit. */
export class ShapeError extends RangeError {
  override readonly name = "ShapeError";
}

/** Tensors of kinds of numbers that do not go together, or have no derivative. */
export class DtypeError extends TypeError {
  override readonly name = "DtypeError";
}

/** Numbers that were given back by `dispose()`, and are read after that. */
export class DisposedError extends Error {
  override readonly name = "DisposedError";
}

/** Numbers of an engine that answers later, given to one that must have them now. */
export class PendingStorageError extends Error {
  override readonly name = "PendingStorageError";
}

/** A matrix that should be positive definite, and is not. */
export class NotPositiveDefiniteError extends Error {
  override readonly name = "NotPositiveDefiniteError";
}

/** A matrix that has no inverse, to the precision of doubles. */
export class SingularMatrixError extends Error {
  override readonly name = "SingularMatrixError";
}

/** gpu.js, or a back end of it, that is not there. */
export class GpuUnavailableError extends Error {
  override readonly name = "GpuUnavailableError";
}
