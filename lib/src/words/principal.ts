/** The principal components of the word vectors, without what all words share. */
import { symmetricEigen, type SymmetricEigen } from "../engine/reference/symmetric-eigen.js";
import { row, zeros } from "../matrix.js";
import { vocabulary, WORD_WIDTH } from "./vocabulary.js";

/** The most frequent words suffice for directions, and keep the first call quick. */
const SAMPLE = 4000;

let computed: SymmetricEigen | undefined;

/**
 * Directions in which words differ, the strongest first. The direction of the mean vector, which says nothing
 * about meaning, has been taken out: it is the last component, with the value 0.
 *
 * @see Mu and Viswanath 2018, "All-but-the-top", for taking out the mean and the first components
 */
export function principalComponents(): SymmetricEigen {
  return (computed ??= compute());
}

function compute(): SymmetricEigen {
  const { vectors } = vocabulary();
  const D = WORD_WIDTH;
  const mean = new Float64Array(D);
  for (let i = 0; i < SAMPLE; i++) row(vectors, i).forEach((entry, j) => (mean[j]! += entry));
  const length = Math.sqrt(dot(mean, mean));
  const shared = mean.map((entry) => entry / length);

  const covariance = zeros(D, D);
  const apart = new Float64Array(D);
  for (let i = 0; i < SAMPLE; i++) {
    const vector = row(vectors, i);
    const along = dot(vector, shared);
    for (let j = 0; j < D; j++) apart[j] = vector[j]! - along * shared[j]!;
    for (let j = 0; j < D; j++) {
      const factor = apart[j]! / SAMPLE;
      for (let k = j; k < D; k++) covariance.data[j * D + k]! += factor * apart[k]!;
    }
  }
  return symmetricEigen(covariance);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
