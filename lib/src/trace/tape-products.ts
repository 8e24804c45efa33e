/** What the products of a tape trace say: at which nodes they show, and their ranks in words. */
import { effectiveRank, rankCeiling } from "./ranks-spectrum.js";
import { shortNumber } from "./short-number.js";
import { TapeFlag, type TapeProduct, type TapeSpectra, type TapeTrace } from "./tape.js";

/** How many σ of each reach θ·σ₁. */
export const ranksOf = (
  { input, delta, gradient }: TapeSpectra,
  theta: number,
): { readonly [K in keyof TapeSpectra]: number } => ({
  input: effectiveRank(input, theta),
  delta: effectiveRank(delta, theta),
  gradient: effectiveRank(gradient, theta),
});

/** By node: those of the weight, of the product, and of what the product returned. */
export function productsByNode({ nodes, edges, products }: TapeTrace): ReadonlyMap<number, TapeProduct[]> {
  const found = new Map<number, TapeProduct[]>();
  const at = (node: number, product: TapeProduct) => {
    if (node < 0) return;
    const own = found.get(node);
    if (!own) found.set(node, [product]);
    else if (!own.includes(product)) own.push(product);
  };
  for (const product of products) {
    at(product.weight, product);
    at(product.node, product);
    if (product.node < 0) continue;
    // Results follow their call.
    for (let part = product.node + 1; part < nodes.id.length; part++) {
      const isOfIt = nodes.flags[part]! & TapeFlag.part && edges.from[edges.offsets[part]!] === product.node;
      if (!isOfIt) break;
      at(part, product);
    }
  }
  return found;
}

/** "W̄ = AᵀΔ", or the other way round where the weight is used as its transpose. */
export const formulaOf = ({ isTransposed }: TapeProduct): string => (isTransposed ? "W̄ = ΔᵀA" : "W̄ = AᵀΔ");

/** "effective rank 2 of at most 8 at θ = 0.001; A [16 × 8] has 3, Δ [16 × 10] has 2". */
export function productWords(product: TapeProduct, theta: number): string {
  const { spectra, why, rows, inputs, outputs } = product;
  const sizes = `A [${rows} × ${inputs}], Δ [${rows} × ${outputs}]`;
  if (spectra === null) return `no singular values: ${why}; ${sizes}, rank at most ${rankCeiling(product)}`;
  const ranks = ranksOf(spectra, theta);
  return (
    `effective rank ${ranks.gradient} of at most ${rankCeiling(product)} at θ = ${shortNumber(theta)}; ` +
    `A [${rows} × ${inputs}] has ${ranks.input}, Δ [${rows} × ${outputs}] has ${ranks.delta}`
  );
}
