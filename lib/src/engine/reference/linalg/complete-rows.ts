/** Completing an orthonormal system: rows of zeros become unit vectors orthogonal to all other rows. */

/**
 * Replace each row of zeros by a unit vector orthogonal to all other rows.
 * @param rows [k, length], k ≤ length; its rows that are not zero are orthonormal. Overwritten.
 */
export function completeRows(rows: Float64Array, k: number, length: number): void {
  const row = (i: number) => rows.subarray(i * length, (i + 1) * length);
  for (let i = 0; i < k; i++) {
    if (row(i).some((entry) => entry !== 0)) continue;
    row(i).set(farthestAxis(rows, k, length));
  }
}

/** What is left, normalised, of the axis that lies least in the span of the rows. */
function farthestAxis(rows: Float64Array, k: number, length: number): Float64Array {
  const within = new Float64Array(length);
  rows.forEach((entry, at) => (within[at % length]! += entry * entry));
  const axis = within.indexOf(Math.min(...within));
  const left = new Float64Array(length);
  left[axis] = 1;
  // Twice is enough: Kahan and Parlett.
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < k; i++) {
      let dot = 0;
      for (let j = 0; j < length; j++) dot += rows[i * length + j]! * left[j]!;
      for (let j = 0; j < length; j++) left[j]! -= dot * rows[i * length + j]!;
    }
  }
  const norm = Math.sqrt(left.reduce((sum, entry) => sum + entry * entry, 0));
  return left.map((entry) => entry / norm);
}
