/** Which residual curve to draw: the one that the solver stopped by, where the trace holds it. */
import type { AttentionTrace } from "cotangent/trace";

export interface ResidualCurve {
  /** [K] */
  readonly values: ArrayLike<number>;
  /** The axis name. */
  readonly name: string;
  /** Whether the solver compared this very quantity with its tolerance. */
  readonly judged: boolean;
}

/** [K] the largest residual of any token: below the tolerance only when every token is. */
function largestPerToken({ tokens, outcome, residuals }: AttentionTrace): Float64Array {
  const N = tokens.length;
  return Float64Array.from({ length: outcome.iterations }, (_, k) => {
    let largest = 0;
    for (let i = 0; i < N; i++) {
      const value = residuals.perToken[k * N + i]!;
      if (!(value <= largest)) largest = value;
      if (Number.isNaN(value)) return NaN;
    }
    return largest;
  });
}

export function residualCurve(trace: AttentionTrace): ResidualCurve {
  const { norm, mode } = trace.solver;
  if (norm === "token" && mode === "relative") {
    return {
      values: largestPerToken(trace),
      name: "largest residual of a token ‖f(z)ᵢ−zᵢ‖/‖zᵢ‖",
      judged: true,
    };
  }
  const judged = norm === "frobenius";
  return mode === "relative"
    ? { values: trace.residuals.relative, name: "residual ‖f(z)−z‖/‖z‖", judged }
    : { values: trace.residuals.absolute, name: "residual ‖f(z)−z‖", judged };
}
