/** Jacobi's rotations from one side: turn the rows of a matrix among themselves until each two are orthogonal. */

/** Rotations converge quadratically in the end: six to ten sweeps are usual. Later ones would only turn rounding errors. */
const MAX_SWEEPS = 60;

/**
 * rows ← turns · rows, where the rows become orthogonal.
 *
 * @param rows [k, length], entries of at most about 1; overwritten
 * @returns turns [k, k], orthogonal
 * @see Hestenes (1958); de Rijk (1989) for the exchange that keeps the longer row first
 */
export function orthogonaliseRows(rows: Float64Array, k: number, length: number): Float64Array {
  const turns = new Float64Array(k * k);
  for (let i = 0; i < k; i++) turns[i * k + i] = 1;
  const tolerance = Number.EPSILON * Math.sqrt(length);
  let turned = true;
  for (let sweep = 0; turned && sweep < MAX_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < k; p++) {
      for (let q = p + 1; q < k; q++) {
        let [pp, qq, pq] = [0, 0, 0];
        for (let j = 0; j < length; j++) {
          const [x, y] = [rows[p * length + j]!, rows[q * length + j]!];
          pp += x * x;
          qq += y * y;
          pq += x * y;
        }
        if (Math.abs(pq) <= tolerance * Math.sqrt(pp) * Math.sqrt(qq)) continue;
        turned = true;
        const [cosine, sine] = rotation(pp, qq, pq);
        turn(rows, length, p, q, cosine, sine);
        turn(turns, k, p, q, cosine, sine);
      }
    }
  }
  return turns;
}

/** Cosine and sine that make rows p and q orthogonal, and p the longer one: the smaller angle, a quarter turn more if p is shorter. */
function rotation(pp: number, qq: number, pq: number): [number, number] {
  const theta = (qq - pp) / (2 * pq);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  return pp >= qq ? [cosine, sine] : [sine, -cosine];
}

function turn(of: Float64Array, size: number, p: number, q: number, cosine: number, sine: number): void {
  for (let j = 0; j < size; j++) {
    const [x, y] = [of[p * size + j]!, of[q * size + j]!];
    of[p * size + j] = cosine * x - sine * y;
    of[q * size + j] = sine * x + cosine * y;
  }
}
