/** The trace format: types, codecs, size bounds. The ground floor: it imports nothing. */
export type { ArrayPlace, BinaryBuffer, EncodedArray } from "./arrays.js";
export * from "./analysis/index.js";
export * from "./attention.js";
export { toBase64 } from "./base64.js";
export { boundAttentionTrace, encodedSize, liveAttentionTrace } from "./bound.js";
export { decodeAttentionTrace } from "./decode.js";
export { encodeAttentionTrace, type EncodedAttentionTrace, type EncodeOptions } from "./encode.js";
export { boundRanksTrace, keepSteps, ranksEncodedSize } from "./bound-ranks.js";
export { decodeRanksTrace } from "./decode-ranks.js";
export { encodeRanksTrace, type EncodedRanksTrace } from "./encode-ranks.js";
export { boundTapeTrace, keepNodes, tapeEncodedSize } from "./bound-tape.js";
export { decodeTapeTrace } from "./decode-tape.js";
export { encodeTapeTrace, type EncodedTapeProduct, type EncodedTapeTrace } from "./encode-tape.js";
export * from "./diagnosis.js";
export * from "./errors.js";
export * from "./limits.js";
export * from "./omission.js";
export * from "./ranks.js";
export * from "./tape.js";
export { readTrace, type ReadOptions, type Trace } from "./read.js";
export {
  collapseNote,
  darkestWeight,
  evidence,
  mannerOf,
  residualCurve,
  type ResidualCurve,
  resultFrame,
  solverName,
  tokensToExit,
  verdict,
} from "./reading.js";
export {
  DEFAULT_THETA,
  effectiveRank,
  entropyRank,
  type FactorSizes,
  rankCeiling,
  stableRank,
} from "./ranks-spectrum.js";
export {
  ceilingsOf,
  type CourseOfStep,
  curveOf,
  meanOverSites,
  ranksAt,
  type RanksAtTheta,
  sentOverSteps,
  sentUntil,
} from "./ranks-reading.js";
export {
  bestDamping,
  dampedRadius,
  iterationsFor,
  MAX_EIGENVALUES,
  type AttentionSpectrum,
} from "./spectrum.js";
export { formulaOf, productsByNode, productWords, ranksOf } from "./tape-products.js";
export { DEFAULT_FRACTION, defaultFraction, kinkWords, percent } from "./path-kinks.js";
export { thinIterations } from "./thin.js";
export { shortNumber } from "./short-number.js";
export * from "./training.js";
export { radiusNotes, stepsMade, trainingDetails, trainingTitle } from "./training-reading.js";
export type { EncodedTraining } from "./encode-training.js";
