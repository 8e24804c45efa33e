/** The weight matrices of multi-head attention: what shapes they must have. */
import { OptionError } from "../errors.js";
import { checkMatrix, type Matrix } from "../matrix.js";

/** Head h owns columns h·d_h … (h + 1)·d_h − 1 of query and key, and h·d_v … of value. */
export interface AttentionWeights {
  /** W_Q [width, heads · d_h] */
  readonly query: Matrix;
  /** W_K [width, heads · d_h] */
  readonly key: Matrix;
  /** W_V [width, heads · d_v] */
  readonly value: Matrix;
  /** W_O [heads · d_v, width] */
  readonly output: Matrix;
}

/** @throws ShapeError, OptionError naming the matrix that does not fit */
export function checkWeights(weights: AttentionWeights, width: number, heads: number): void {
  const { query, key, value, output } = (weights ?? {}) as Partial<AttentionWeights>;
  checkMatrix(query!, "weights.query", { rows: width });
  checkMatrix(key!, "weights.key", { rows: width, cols: query!.cols });
  checkMatrix(value!, "weights.value", { rows: width });
  checkMatrix(output!, "weights.output", { rows: value!.cols, cols: width });
  for (const [name, of] of Object.entries({ query: query!, value: value! })) {
    if (of.cols === 0 || of.cols % heads !== 0) {
      throw new OptionError(
        `weights.${name} has ${of.cols} columns, which ${heads} heads cannot share evenly.`,
      );
    }
  }
}
