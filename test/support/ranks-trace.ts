/** Ranks traces for tests: made up, but like those of a run, with singular values that fall from layer to layer and step to step. */
import { effectiveRank, entropyRank, RANKS_VERSION, type RanksLayer, type RanksTrace, stableRank } from "cotangent/trace"; // prettier-ignore

export interface RunOptions {
  readonly steps?: number;
  readonly sites?: readonly string[] | number;
  /** [inputs, outputs] of every weight. */
  readonly widths?: readonly (readonly [number, number])[];
  readonly names?: readonly string[];
  /** R of every layer; N is 16. */
  readonly rows?: number;
  /** K; 0 for a method that looks at no singular values. */
  readonly singularValues?: number;
  readonly theta?: number;
  readonly spectra?: "found" | "gradient";
}

/** The σ_j of layer l at step t of T: a power law that grows steeper, so that the rank falls. */
const sigmaOf = (t: number, T: number, l: number, s: number, j: number): number =>
  (1 - 0.6 * (t / T)) * (1 + 0.1 * s) * Math.exp(-j * (0.12 + 0.1 * l + 0.25 * (t / T) + 0.02 * Math.sin(t)));

export function ranksTrace(options: RunOptions = {}): RanksTrace {
  const { steps: T = 60, widths = [[40, 32], [32, 6]], rows = 16, theta = 0.05, spectra = "gradient" } = options; // prettier-ignore
  const sites = labels(options.sites ?? 2);
  const K = options.singularValues ?? 16;
  const layers = widths.map(([inputs, outputs], l): RanksLayer => ({ name: options.names?.[l] ?? `[${l}]`, kind: "outer", inputs, outputs, hasBias: false })); // prettier-ignore
  const [L, S] = [layers.length, sites.length];
  const cells = T * L * S;
  const values = new Float32Array(cells * K).fill(NaN);
  const ranks = { effective: new Float32Array(cells), entropy: new Float32Array(cells), stable: new Float32Array(cells) }; // prettier-ignore
  const [up, down] = [new Float64Array(cells), new Float64Array(cells)];
  const accuracy = { steps: [] as number[], values: [] as number[] };
  for (let t = 0; t < T; t++) {
    if (t % 5 === 0 || t === T - 1) {
      accuracy.steps.push(t);
      accuracy.values.push(0.97 - 0.75 * Math.exp((-5 * t) / T));
    }
    layers.forEach(({ inputs, outputs }, l) => {
      for (let s = 0; s < S; s++) {
        const i = (t * L + l) * S + s;
        const most = Math.min(K, rows, inputs, outputs);
        const sigma = Float32Array.from({ length: most }, (_, j) => sigmaOf(t, T, l, s, j));
        values.set(sigma, i * K);
        ranks.effective[i] = K === 0 ? NaN : effectiveRank(sigma, theta);
        ranks.entropy[i] = K === 0 ? NaN : entropyRank(sigma);
        ranks.stable[i] = K === 0 ? NaN : stableRank(sigma);
        const bytes =
          4 * (inputs + outputs) * (K === 0 ? Math.min(inputs, outputs) : effectiveRank(sigma, theta));
        const before = t === 0 ? 0 : up[i - L * S]!;
        up[i] = before + bytes;
        down[i] = S * up[i]!;
      }
    });
  }
  return {
    kind: "ranks",
    version: RANKS_VERSION,
    producer: "test",
    method: {
      name: "rank-dAD",
      sends: "its leading components",
      aggregates: "the stack of all components",
      reconstructs: "their sum",
      isExact: false,
      showsData: false,
      theta,
      options: ["maxRank = 16", `theta = ${theta}`],
      notes: [],
    },
    status: "done",
    sites,
    layers,
    steps: T,
    recorded: Int32Array.from({ length: T }, (_, t) => t),
    rows: new Int32Array(T * S).fill(16),
    factorRows: new Int32Array(cells).fill(rows),
    loss: new Float64Array(T * S).fill(1),
    bytes: { up, down, upFormula: up.slice(), downFormula: down.slice() },
    spectra: { of: K === 0 ? "none" : spectra, values },
    effectiveRank: ranks.effective,
    entropyRank: ranks.entropy,
    stableRank: ranks.stable,
    error: { relative: new Float64Array(T * L).fill(NaN), cosine: new Float64Array(T * L).fill(NaN) },
    measures: [
      {
        name: "accuracy",
        steps: Int32Array.from(accuracy.steps),
        values: Float64Array.from(accuracy.values),
      },
    ],
    others: [],
    failures: [],
    omissions: [],
  };
}

const labels = (sites: readonly string[] | number): readonly string[] =>
  typeof sites === "number" ? Array.from({ length: sites }, (_, s) => `site ${s}`) : sites;
