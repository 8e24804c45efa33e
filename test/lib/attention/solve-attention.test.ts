/** Attention solves: identities that hold for any weights, the trace, and bad input. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import {
  type AttentionWeights,
  attentionStep,
  type Matrix,
  mulberry32,
  normalMatrix,
  row,
  solveAttention,
  type SolveAttentionOptions,
} from "cotangent";
import { ATTENTION_MIME, decodeAttentionTrace, encodeAttentionTrace } from "cotangent/trace";
import { toy } from "./toy.js";

interface Problem {
  tokens: string[];
  x: Matrix;
  weights: AttentionWeights;
  heads: number;
}

function randomProblem(seed: number, N: number, heads: number, headWidth = 3): Problem {
  const uniform = mulberry32(seed);
  const width = heads * headWidth;
  const drawn = () => normalMatrix(uniform, width, width, 1 / Math.sqrt(width));
  return {
    tokens: Array.from({ length: N }, (_, i) => `t${i}`),
    x: normalMatrix(uniform, N, width),
    weights: { query: drawn(), key: drawn(), value: drawn(), output: drawn() },
    heads,
  };
}

/** Ordinary multi-head attention, written with plain loops and nothing of the library's. */
function ordinaryAttention({ x, weights, heads }: Problem, temperatures: readonly number[]): number[][] {
  const rows = (m: Matrix): number[][] => Array.from({ length: m.rows }, (_, i) => [...row(m, i)]);
  const times = (a: number[][], b: number[][]): number[][] =>
    a.map((r) => b[0]!.map((_, j) => r.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
  const [q, k, v] = [weights.query, weights.key, weights.value].map((w) => times(rows(x), rows(w)));
  const width = q![0]!.length / heads;
  const joined: number[][] = q!.map(() => []);
  for (let h = 0; h < heads; h++) {
    const part = (m: number[][]) => m.map((r) => r.slice(h * width, (h + 1) * width));
    const [qh, kh, vh] = [part(q!), part(k!), part(v!)];
    qh.forEach((query, i) => {
      const scores = kh.map(
        (key) =>
          (1 / (Math.sqrt(width) * temperatures[h]!)) *
          query.reduce((sum, value, n) => sum + value * key[n]!, 0),
      );
      const exponentials = scores.map((score) => Math.exp(score - Math.max(...scores)));
      const total = exponentials.reduce((a, b) => a + b, 0);
      joined[i]!.push(...times([exponentials.map((e) => e / total)], vh)[0]!);
    });
  }
  return times(joined, rows(weights.output));
}

describe("one attention step", () => {
  it("without injection is ordinary multi-head attention, bit for bit (oracle 9)", () => {
    for (const [seed, N, heads] of [
      [1, 5, 1],
      [2, 7, 2],
      [3, 4, 4],
    ] as const) {
      // prettier-ignore
      const problem = randomProblem(seed, N, heads);
      const temperatures = Array.from({ length: heads }, (_, h) => 0.5 + h);
      const { value } = attentionStep({ ...problem, temperatures, inject: false })(problem.x);
      assert.deepEqual([...value.data], ordinaryAttention(problem, temperatures).flat());
    }
  });

  it("has rows that sum to 1 in every head and iteration (oracle 1)", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 3 }),
        (seed, N, heads) => {
          const { trace, attention } = solveAttention({ ...randomProblem(seed, N, heads), maxIterations: 8 });
          for (let at = 0; at < trace.frames.weights.length; at += N) {
            const sum = trace.frames.weights.subarray(at, at + N).reduce((a, b) => a + b, 0);
            assert.ok(Math.abs(sum - 1) < 1e-6);
          }
          for (const head of attention) {
            for (let i = 0; i < N; i++)
              assert.ok(Math.abs(row(head, i).reduce((a, b) => a + b, 0) - 1) < 1e-12);
          }
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it("does not care about the order of the tokens (oracle 10)", () => {
    const shuffled = fc.nat().chain((seed) =>
      fc.record({
        seed: fc.constant(seed),
        order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6, maxLength: 6 }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ seed, order }) => {
        const problem = randomProblem(seed, 6, 2);
        const moved: Matrix = { ...problem.x, data: new Float64Array(problem.x.data.length) };
        order.forEach((from, to) => row(moved, to).set(row(problem.x, from)));
        const settings = { maxIterations: 6, damping: 0.5 };
        const [plain, permuted] = [problem, { ...problem, x: moved }].map((p) =>
          solveAttention({ ...p, ...settings }),
        );
        order.forEach((from, to) => {
          row(permuted!.z, to).forEach((value, j) => {
            assert.ok(Math.abs(value - row(plain!.z, from)[j]!) < 1e-12);
          });
        });
      }),
      { seed: 6, numRuns: 60 },
    );
  });
});

describe("an attention solve", () => {
  it("returns z and the attention at exactly that z (oracle 1)", () => {
    const problem = toy(777, 2, 1);
    const solved = solveAttention(problem);
    const step = attentionStep({ ...problem, temperatures: [1], inject: true })(solved.z);
    assert.deepEqual(step.attention[0], solved.attention[0]);
    const residuals = Array.from({ length: 6 }, (_, i) => {
      const [from, to] = [row(solved.z, i), row(step.value, i)];
      return Math.hypot(...to.map((value, j) => value - from[j]!)) / Math.hypot(...from);
    });
    assert.ok(solved.converged && Math.max(...residuals) <= 1e-5);
    assert.ok(Math.abs(Math.max(...residuals) - solved.residual) < 1e-15);
  });

  it("records every iteration in a trace that survives the codec", () => {
    const { trace, iterations } = solveAttention({ ...randomProblem(4, 5, 2), headNames: ["left", "right"] });
    assert.deepEqual(
      [...trace.frames.iterations],
      Array.from({ length: iterations }, (_, k) => k),
    );
    assert.deepEqual(trace.heads, [{ name: "left", temperature: 1 }, { name: "right", temperature: 1 }]); // prettier-ignore
    assert.deepEqual(trace.omissions, []);
    assert.deepEqual(decodeAttentionTrace(encodeAttentionTrace(trace).data), trace);
    assert.ok(Number.isNaN(trace.drift[0]));
    const size = 2 * 5 * 5;
    for (let k = 1; k < iterations; k++) {
      const [now, before] = [k, k - 1].map((f) => trace.frames.weights.subarray(f * size, (f + 1) * size));
      const drift = Math.hypot(...now!.map((weight, i) => weight - before![i]!));
      assert.ok(Math.abs(drift - trace.drift[k]!) < 1e-6);
    }
  });

  it("bounds the memory for its frames, keeps the best and the last, and says so", () => {
    // 1,000 tokens: 4 MB a frame, 64 MiB hold 16 of them.
    const problem = randomProblem(8, 1000, 1, 2);
    const { trace } = solveAttention({ ...problem, maxIterations: 20, tolerance: 1e-300 });
    const kept = [...trace.frames.iterations];
    assert.ok(kept.length < 20 && kept.includes(19) && kept.includes(trace.outcome.bestIteration));
    assert.deepEqual(trace.omissions, [
      { what: "iterations", kept: kept.length, of: 20, reason: "the memory for them is bounded to 64 MiB" },
    ]);
  }).timeout(20_000);

  it("becomes uniform when hot and picks single tokens when cold", () => {
    const problem = toy(777, 2, 1);
    const hot = solveAttention({ ...problem, temperature: 1e4 }).attention[0]!;
    assert.ok(hot.data.every((weight) => Math.abs(weight - 1 / 6) < 1e-3));
    const cold = solveAttention({ ...problem, temperature: 1e-3 }).attention[0]!;
    for (let i = 0; i < 6; i++) assert.ok(Math.max(...row(cold, i)) > 0.999);
  });

  it("gives each head its own temperature", () => {
    const { attention } = solveAttention({ ...randomProblem(5, 6, 2), temperature: [1e5, 1e-4] });
    assert.ok(Math.max(...attention[0]!.data) < 0.17);
    assert.ok(Math.max(...attention[1]!.data) > 0.99);
  });

  it("with a NaN in the input says where, and still has a trace and a picture", async () => {
    const problem = randomProblem(6, 4, 1);
    problem.x.data[7] = NaN;
    const solved = solveAttention(problem);
    assert.equal(solved.reason, "diverged");
    assert.match(solved.warnings[0]!, /^f\(z\) became NaN in row 0, column 0 at iteration 0/);
    assert.ok(solved.trace.frames.weights.every(Number.isNaN));
    assert.match(
      solved.summary(),
      /DIVERGED at iteration 0: no residual was finite[\s\S]*16 weights are NaN/,
    );
    assert.ok((await solved.png()).length > 1000);
  });

  it("shows every iteration, with its attention, to an observer", () => {
    const frames: number[] = [];
    const solved = solveAttention({
      ...randomProblem(9, 3, 2),
      observe: ({ attention }) => attention.forEach(({ data }) => frames.push(...data)),
    });
    assert.deepEqual(Float32Array.from(frames), solved.trace.frames.weights);
  });

  it("shows itself: a bundle for Jupyter, its summary for the console", async () => {
    const solved = solveAttention(toy(777, 1, 1));
    const show = (solved as unknown as Record<symbol, () => Promise<Record<string, unknown>>>)[
      Symbol.for("Jupyter.display")
    ]!;
    const bundle = await show.call(solved);
    assert.deepEqual(Object.keys(bundle), [ATTENTION_MIME, "image/png", "text/plain"]);
    assert.deepEqual(decodeAttentionTrace(bundle[ATTENTION_MIME]), solved.trace);
    assert.equal(inspect(solved), bundle["text/plain"]);
  });

  it("works for a single token", () => {
    const solved = solveAttention(randomProblem(7, 1, 2));
    assert.ok(solved.converged);
    assert.deepEqual(solved.attention.map(({ data }) => [...data]), [[1], [1]]); // prettier-ignore
    assert.deepEqual(solved.warnings, []);
  });
});

describe("the options of solveAttention", () => {
  const good = randomProblem(1, 4, 2);
  const bad: [
    string,
    Partial<Record<keyof SolveAttentionOptions | "temprature", unknown>>,
    string,
    RegExp,
  ][] = [
    [
      "an unknown name",
      { temprature: 1 },
      "UnknownOptionError",
      /no option "temprature". Did you mean "temperature"/,
    ],
    [
      "a temperature of 0",
      { temperature: 0 },
      "OptionError",
      /^temperature should be a finite number above 0; got 0/,
    ],
    ["too few temperatures", { temperature: [1] }, "OptionError", /^temperature has 1 entries for 2 heads/],
    [
      "heads that do not divide the width",
      { heads: 4 },
      "OptionError",
      /query has 6 columns, which 4 heads cannot/,
    ],
    ["too few tokens", { tokens: ["a"] }, "OptionError", /^tokens should be a list of 4 texts/],
    [
      "a token that is not a text",
      { tokens: [1, 2, 3, 4] },
      "OptionError",
      /^tokens should be a list of 4 texts/,
    ],
    [
      "a token that is too long",
      { tokens: ["a", "b", "c", "d".repeat(300)] },
      "OptionError",
      /longer than 256/,
    ],
    ["too few head names", { headNames: ["a"] }, "OptionError", /^headNames should be a list of 2 texts/],
    ["an unknown preset", { preset: "injct" }, "OptionError", /^preset should be one of "inject", "paper"/],
    [
      "a contradiction",
      { preset: "inject", inject: false },
      "OptionError",
      /^inject: false contradicts the preset/,
    ],
    [
      "x that is an array",
      { x: [[1, 2]] },
      "ShapeError",
      /^x should be a matrix .* matrix\(\[\[…\], …\]\) makes one/,
    ],
    ["no weights", { weights: undefined }, "ShapeError", /^weights.query should be a matrix/],
    ["a damping of 2", { damping: 2 }, "OptionError", /^damping/],
    [
      "z0 of another shape",
      { z0: { rows: 1, cols: 1, data: new Float64Array(1) } },
      "ShapeError",
      /^z0 should have/,
    ],
  ];
  for (const [what, options, name, message] of bad) {
    it(`refuse ${what}`, () => {
      assert.throws(() => solveAttention({ ...good, ...options } as SolveAttentionOptions), {
        name,
        message,
      });
    });
  }

  it("refuse weights of the wrong shape by name", () => {
    const weights = { ...good.weights, output: normalMatrix(mulberry32(1), 5, 6) };
    assert.throws(() => solveAttention({ ...good, weights }), {
      name: "ShapeError",
      message: "weights.output should have the shape [6, 6], but it has [5, 6].",
    });
  });
});
