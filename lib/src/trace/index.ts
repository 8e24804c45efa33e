/** The trace format: types, codecs, size bounds. The ground floor: it imports nothing. */
export * from "./attention.js";
export * from "./errors.js";
export * from "./omission.js";
