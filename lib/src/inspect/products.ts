/** What the gradients of weights are made of: the singular values of the two factors of each, bounded in number and in work. */
import { type Dense, dense } from "../dad/dense.js";
import { factorSpectrum, singularValues } from "../dad/spectrum.js";
import type { RecordedFunction, ToTraceOptions } from "../tape/record.js";
import type { FactorHook, OuterProduct } from "../tensor/factors.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Omission, TapeProduct, TapeSpectra, TapeTrace } from "../trace/index.js";

/** Products of which the trace tells. */
const MOST_PRODUCTS = 64;
/** Singular values of one matrix. */
const MOST_VALUES = 256;
/** Work for all of them together, in cubes of a small side: about two seconds. */
const MOST_WORK = 2 ** 24;
/** A multiplication of a QR factorisation, beside one of the Jacobi sweeps that follow it. */
const QR_WORK = 1 / 16;

/** Of the singular values of a matrix [m, n]. */
function workOf(m: number, n: number): number {
  const k = Math.min(m, n);
  return k ** 3 + QR_WORK * m * n * k;
}

const workOfAll = (rows: number, inputs: number, outputs: number): number =>
  2 * workOf(rows, inputs) + 2 * workOf(rows, outputs) + workOf(Math.min(rows, inputs), Math.min(rows, outputs)); // prettier-ignore

/** [..., rows, columns] as rows, those of one batch after those of the other. */
const sizeOf = ({ shape, size }: Tensor): [rows: number, columns: number] => {
  const columns = shape.at(-1)!;
  return [columns === 0 ? 0 : size / columns, columns];
};

const numbersOf = (tensor: Tensor): Dense => dense(...sizeOf(tensor), Float64Array.from(tensor.dataSync()));

/** Takes note of every product that a sweep tells of. */
class Products {
  readonly #found: TapeProduct[] = [];
  #told = 0;
  #batched = 0;
  #work = 0;

  readonly tell: FactorHook = (factors) => {
    const { input, delta } = factors;
    this.#told++;
    // The gradient of a weight with axes of a batch is a matrix for each, not one product.
    if (factors.isBatched) this.#batched++;
    else if (this.#found.length < MOST_PRODUCTS) this.#found.push(this.#noted(factors, input, delta));
  };

  #noted({ product, weight, isTransposed }: OuterProduct, input: Tensor, delta: Tensor): TapeProduct {
    const [[rows, inputs], [, outputs]] = [sizeOf(input), sizeOf(delta)];
    const sizes = { node: product, weight, rows, inputs, outputs, isTransposed };
    const found = this.#spectra(input, delta);
    return typeof found === "string" ? { ...sizes, spectra: null, why: found } : { ...sizes, spectra: found, why: "" }; // prettier-ignore
  }

  /** @returns why not, where there are none */
  #spectra(input: Tensor, delta: Tensor): TapeSpectra | string {
    const [[rows, inputs], [, outputs]] = [sizeOf(input), sizeOf(delta)];
    const most = Math.max(Math.min(rows, inputs), Math.min(rows, outputs));
    if (most > MOST_VALUES)
      return `a factor has ${most} singular values; at most ${MOST_VALUES} are computed`;
    const work = workOfAll(rows, inputs, outputs);
    if (this.#work + work > MOST_WORK) return "the products before it in the sweep took the time that there is for them"; // prettier-ignore
    const late = [input, delta].find((tensor) => !tensor.plain.engine.synchronous);
    if (late)
      return `the ${late.plain.engine.name} engine gives its numbers later: use another one to inspect`;
    const [a, b] = [numbersOf(input), numbersOf(delta)];
    for (const [name, { data }] of [
      ["A", a],
      ["Δ", b],
    ] as const)
      // prettier-ignore
      if (!data.every(Number.isFinite)) return `${name} has numbers that are not finite`;
    this.#work += work;
    const found = { input: factorSpectrum(a), delta: factorSpectrum(b), gradient: singularValues(a, b) };
    // Products of finite numbers may overflow.
    return found.gradient.every(Number.isFinite) ? found : "AᵀΔ has numbers that are not finite";
  }

  get list(): readonly TapeProduct[] {
    return this.#found;
  }

  get omissions(): Omission[] {
    const [left, kept] = [this.#told - this.#batched, this.#found.length];
    const said = (of: number, isKept: number, reason: string): Omission[] =>
      isKept < of ? [{ what: "products with weights", kept: isKept, of, reason }] : [];
    return [
      ...said(this.#told, left, "the others are with weights that have axes of a batch, whose gradient is a matrix for each"), // prettier-ignore
      ...said(left, kept, `the first ${MOST_PRODUCTS} of the reverse sweep, which are the last ones of the function`), // prettier-ignore
    ];
  }
}

/** The trace of a recorded function, with what the gradients of its weights are made of. */
export function traceWithProducts<A extends unknown[], R>(
  recorded: RecordedFunction<A, R>,
  options: ToTraceOptions,
): TapeTrace {
  const products = new Products();
  const trace = recorded.toTrace({ ...options, factors: products.tell });
  return { ...trace, products: products.list, omissions: [...trace.omissions, ...products.omissions] };
}
