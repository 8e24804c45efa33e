/** The bounds of a trace: a reader refuses what claims more, before it allocates anything. */

/** Tokens N: one head's matrix is then at most 1024 × 1024, 4 MiB a frame. */
export const MAX_TOKENS = 1024;

export const MAX_HEADS = 64;

/** Iterations K, and so also stored frames F. */
export const MAX_ITERATIONS = 100_000;

/** All arrays of one trace together, decoded. */
export const MAX_TRACE_BYTES = 256 * 1024 * 1024;

/** Characters (code points) of a token label or a head's name. */
export const MAX_LABEL_LENGTH = 256;

/** Characters (code points) of any other text: producer, preset, the reason of an omission. */
export const MAX_TEXT_LENGTH = 1024;

export const MAX_OMISSIONS = 16;

/** Other solvers in one trace. */
export const MAX_RIVALS = 7;

/** What a trace may take in a saved notebook, encoded as JSON with base64 arrays. */
export const DEFAULT_SAVED_BYTES = 8 * 1024 * 1024;

/** Of a ranks trace. */
export const MAX_SITES = 1024;
export const MAX_LAYERS = 1024;
export const MAX_STEPS = 10_000_000;
export const MAX_SINGULAR_VALUES = 1024;
export const MAX_MEASURES = 16;
export const MAX_CURVES = 64;
export const MAX_FAILURES = 1024;
export const MAX_NOTES = 64;

/** Of a tape trace. */
export const MAX_NODES = 2_000_000;
export const MAX_EDGES = 8_000_000;
export const MAX_OPERATIONS = 4096;
export const MAX_SOURCES = 256;
/** Characters (code points) of one source's text. */
export const MAX_SOURCE_LENGTH = 262_144;
/** Inputs and outputs, tensors, guards. */
export const MAX_PORTS = 100_000;
export const MAX_TENSORS = 100_000;
export const MAX_GUARDS = 100_000;
export const MAX_FINDINGS = 256;
/** Products with weights. */
export const MAX_PRODUCTS = 256;
/** Paths of a Monte-Carlo simulation that are stored with a tape. */
export const MAX_PATHS = 100_000;
/** Kinks and branches of which a tape tells how near its paths come. */
export const MAX_KINKS = 256;
/** Choices of how near that is. */
export const MAX_FRACTIONS = 16;
/** Axes of a tensor. */
export const MAX_AXES = 32;
