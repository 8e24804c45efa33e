/** A made-up but consistent ranks trace of any size, for tests of the format itself. */
import { RANKS_VERSION, type RanksTrace } from "cotangent/trace";

export interface SampleSize {
  steps?: number;
  layers?: number;
  sites?: number;
  singularValues?: number;
}

export function sampleRanks({
  steps: T = 4,
  layers: L = 2,
  sites: S = 3,
  singularValues: K = 5,
}: SampleSize = {}): RanksTrace {
  const cells = T * L * S;
  const float64 = (length: number, from = 0) => Float64Array.from({ length }, (_, i) => from + i);
  const float32 = (length: number) => Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(i) ** 2));
  return {
    kind: "ranks",
    version: RANKS_VERSION,
    producer: "test",
    method: {
      name: "rank-dAD",
      sends: "components",
      aggregates: "the stack",
      reconstructs: "the sum",
      isExact: false,
      showsData: false,
      theta: 0.001,
      options: ["maxRank = 5"],
      notes: ["a remark"],
    },
    status: "done",
    sites: Array.from({ length: S }, (_, s) => `site ${s}`),
    layers: Array.from({ length: L }, (_, l) => ({
      name: `layers[${l}].weight`,
      kind: "outer",
      inputs: 8,
      outputs: 4,
      hasBias: true,
    })),
    steps: T,
    recorded: Int32Array.from({ length: T }, (_, t) => t),
    rows: new Int32Array(T * S).fill(32),
    factorRows: new Int32Array(cells).fill(32),
    loss: float64(T * S, 1),
    bytes: {
      up: float64(cells),
      down: float64(cells, 1),
      upFormula: float64(cells),
      downFormula: float64(cells, 1),
    },
    spectra: { of: K === 0 ? "none" : "found", values: float32(cells * K) },
    effectiveRank: float32(cells),
    entropyRank: float32(cells).fill(NaN),
    stableRank: float32(cells),
    error: { relative: float64(T * L).fill(NaN), cosine: float64(T * L) },
    measures: [{ name: "accuracy", steps: Int32Array.of(T - 1), values: Float64Array.of(0.5) }],
    others: [
      {
        name: "dSGD",
        measure: "accuracy",
        steps: Int32Array.of(0, 9),
        up: Float64Array.of(64, 640),
        down: Float64Array.of(32, 320),
        values: Float64Array.of(0.25, 0.75),
      },
    ],
    failures: [{ site: S - 1, step: T, message: "gone" }],
    omissions: [],
  };
}
