/** Reading the products of a tape trace that may come from anyone: sizes first, then singular values that can be ones. */
import type { ArrayReader } from "./arrays.js";
import { MalformedTraceError } from "./errors.js";
import { atMost, field, flag, list, placeOrNone, record, text, whole } from "./fields.js";
import { MAX_PRODUCTS, MAX_SINGULAR_VALUES, MAX_TEXT_LENGTH } from "./limits.js";
import { rankCeiling } from "./ranks-spectrum.js";
import type { TapeProduct } from "./tape.js";

/** @param value traces before 1.2 have none @param N nodes of the trace */
export const readProducts = (value: unknown, arrays: ArrayReader, N: number): TapeProduct[] =>
  list(value ?? [], "products", 0, MAX_PRODUCTS).map((each, i) =>
    readProduct(each, `products[${i}]`, arrays, N),
  );

function readProduct(value: unknown, path: string, arrays: ArrayReader, N: number): TapeProduct {
  const product = record(value, path);
  const size = (name: string) => whole(field(product, name), `${path}.${name}`, 0);
  const sizes = { rows: size("rows"), inputs: size("inputs"), outputs: size("outputs") };
  const spectra = field(product, "spectra");
  return {
    node: placeOrNone(field(product, "node"), `${path}.node`, N),
    weight: placeOrNone(field(product, "weight"), `${path}.weight`, N),
    ...sizes,
    isTransposed: flag(field(product, "isTransposed"), `${path}.isTransposed`),
    spectra: spectra === undefined ? null : readSpectra(spectra, `${path}.spectra`, arrays, sizes),
    why: text(field(product, "why"), `${path}.why`, MAX_TEXT_LENGTH),
  };
}

function readSpectra(
  value: unknown,
  path: string,
  arrays: ArrayReader,
  sizes: Pick<TapeProduct, "rows" | "inputs" | "outputs">,
): NonNullable<TapeProduct["spectra"]> {
  const spectra = record(value, path);
  const read = (name: string, count: number): Float64Array => {
    const at = `${path}.${name}`;
    atMost(count, at, "singular values", MAX_SINGULAR_VALUES);
    const sigma = arrays.read(field(spectra, name), at, "float64", [count]);
    for (let j = 0; j < count; j++) {
      const isOne = sigma[j]! >= 0 && sigma[j]! < Infinity;
      if (!isOne || (j > 0 && sigma[j]! > sigma[j - 1]!))
        throw new MalformedTraceError(
          `${at}[${j}] is ${sigma[j]}; singular values are finite, at least 0, and the largest comes first.`,
        );
    }
    return sigma;
  };
  return {
    input: read("input", Math.min(sizes.rows, sizes.inputs)),
    delta: read("delta", Math.min(sizes.rows, sizes.outputs)),
    gradient: read("gradient", rankCeiling(sizes)),
  };
}
