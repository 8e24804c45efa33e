/** Words: tokens, vectors, heads of meaning, and what attention over real sentences does. */
import assert from "node:assert/strict";
import {
  matmul,
  matmulTransposed,
  row,
  solveAttention,
  type SolveAttentionOptions,
  tokenSpread,
} from "cotangent";
import { embed, semanticHeads, type SemanticHeadsOptions, tokenize, vocabulary } from "cotangent/words";

const court = "The king and the queen drink wine while the soldiers fought the war in the city";
const clinic = "The doctor told the nurse that the patient needed medicine";
const concert = "She played piano and he played guitar while the orchestra played music";

function solveSentence(
  sentence: string,
  heads: SemanticHeadsOptions = {},
  options: Partial<SolveAttentionOptions> = {},
) {
  const { tokens, vectors } = embed(tokenize(sentence));
  return solveAttention({ tokens, x: vectors, ...semanticHeads(heads), ...options });
}

describe("tokens", () => {
  it("are lower-case words and the punctuation that the vocabulary has", () => {
    assert.deepEqual(tokenize("The king's wine, please! Well-known; “why”?"), [
      ...["the", "king", "'s", "wine", ",", "please", "!"],
      ...["well", "known", "why", "?"],
    ]);
    assert.deepEqual(tokenize("It’s"), ["it", "'s"]);
    assert.deepEqual(tokenize(" \n"), []);
  });
});

describe("word vectors", () => {
  it("are 8,000 words of 100 numbers, the most frequent first", () => {
    const { words, vectors } = vocabulary();
    assert.deepEqual(words.slice(0, 4), ["the", ",", ".", "of"]);
    assert.deepEqual([vectors.rows, vectors.cols], [8000, 100]);
    assert.ok(vectors.data.every(Number.isFinite));
  });

  it("are near each other for related words", () => {
    const { vectors } = embed(["king", "queen", "guitar"]);
    const cosine = (i: number, j: number) => {
      const [a, b] = [row(vectors, i), row(vectors, j)];
      return a.reduce((sum, x, k) => sum + x * b[k]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
    };
    assert.ok(cosine(0, 1) > 0.6);
    assert.ok(cosine(0, 2) < 0.4);
  });

  it("of an unknown word are an error that names it and its nearest spellings", () => {
    assert.throws(
      () => embed(tokenize("the kign drank")),
      (error: Error & { words: string[] }) => {
        assert.equal(error.name, "UnknownWordError");
        assert.deepEqual(error.words, ["kign", "drank"]);
        assert.match(error.message, /"kign" \(nearest spellings: "king"/);
        assert.match(error.message, /"drank" \(nearest spellings: [^)]*"drink"/);
        assert.match(error.message, /embed\(tokens, \{ unknown: "skip" \}\)/);
        return true;
      },
    );
  });

  it("of an unknown word can be skipped", () => {
    const { tokens, vectors, unknown } = embed(["the", "xyzzy", "king"], { unknown: "skip" });
    assert.deepEqual([tokens, unknown, vectors.rows], [["the", "king"], ["xyzzy"], 2]);
    assert.throws(() => embed(["the"], { unknwon: "skip" } as object), { name: "UnknownOptionError" });
  });
});

describe("heads of meaning", () => {
  it("see subspaces of their own, blind to what all words share", () => {
    const { weights, heads } = semanticHeads({ heads: 4 });
    const gram = matmulTransposed(weights.output, weights.output);
    for (let i = 0; i < gram.rows; i++) {
      for (let j = 0; j < gram.cols; j++) {
        assert.ok(Math.abs(row(gram, i)[j]! - (i === j ? 0.25 : 0)) < 1e-12, "value² on the diagonal");
      }
    }
    const { vectors } = vocabulary();
    const mean = { rows: 1, cols: 100, data: new Float64Array(100) };
    for (let i = 0; i < 4000; i++) row(vectors, i).forEach((x, j) => (mean.data[j]! += x / 4000));
    assert.ok(matmul(mean, weights.value).data.every((x) => Math.abs(x) < 1e-10));
    assert.equal(weights.query.cols % heads, 0);
  });

  it("refuse what they cannot do", () => {
    assert.throws(() => semanticHeads({ heads: 0 }), { name: "OptionError", message: /^heads/ });
    assert.throws(() => semanticHeads({ gain: -1 }), { name: "OptionError", message: /^gain/ });
    assert.throws(() => semanticHeads({ value: NaN }), { name: "OptionError", message: /^value/ });
    assert.throws(() => semanticHeads({ gian: 1 } as object), {
      name: "UnknownOptionError",
      message: /"gain"/,
    });
  });

  const related: [string, string, string, number][] = [
    [court, "king", "queen", 0.25],
    [court, "queen", "king", 0.5],
    [court, "wine", "drink", 0.4],
    [court, "war", "fought", 0.5],
    [clinic, "doctor", "nurse", 0.4],
    [clinic, "doctor", "patient", 0.5],
    [clinic, "doctor", "medicine", 0.5],
    [concert, "piano", "guitar", 0.2],
    [concert, "piano", "orchestra", 0.35],
    [concert, "orchestra", "music", 0.3],
    [concert, "she", "he", 0.2],
  ];
  for (const [sentence, from, to, least] of related) {
    it(`let "${from}" look at "${to}" more than at any other word, in some head, with at least ${least}`, () => {
      const { attention, trace } = solveSentence(sentence);
      const looking = trace.tokens.indexOf(from);
      const best = attention
        .map((head) => row(head, looking))
        .filter((weights) => {
          const others = [...weights.keys()].filter((i) => i !== looking);
          const top = others.reduce((a, b) => (weights[b]! > weights[a]! ? b : a));
          return trace.tokens[top] === to;
        })
        .map((weights) => weights[trace.tokens.indexOf(to)]!);
      assert.ok(Math.max(...best) >= least, `only ${Math.max(...best)}`);
    });
  }
});

/** How much of the attention, of 1 in each row, moved to another token between two frames of a solve. */
function moved({ trace }: ReturnType<typeof solveSentence>, from: number, to: number): number {
  const { weights } = trace.frames;
  const [N, H] = [trace.tokens.length, trace.heads.length];
  const size = H * N * N;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.abs(weights[from * size + i]! - weights[to * size + i]!);
  return sum / (2 * H * N);
}

describe("attention over real sentences", () => {
  for (const [sentence, iterations] of [
    [court, 23],
    [clinic, 29],
    [concert, 14],
  ] as const) {
    // prettier-ignore
    it(`converges in ${iterations} iterations and visibly moves on the way: ${sentence}`, () => {
      const solved = solveSentence(sentence);
      assert.ok(solved.converged);
      assert.equal(solved.iterations, iterations);
      assert.ok(moved(solved, 0, iterations - 1) > 0.15);
      assert.ok(tokenSpread(solved.z) > 0.6);
    });

    it(`cycles when words are pushed away, until it is damped: ${sentence}`, () => {
      const undamped = solveSentence(sentence, { value: -1 });
      assert.equal(undamped.converged, false);
      assert.ok(undamped.warnings.some((warning) => /cycle of period 2/.test(warning)));
      assert.ok(moved(undamped, 62, 63) > 0.01, "it still moves at the end");
      assert.ok(
        moved(undamped, 61, 63) < 0.01 * moved(undamped, 62, 63),
        "and every second state is the same",
      );
      const damped = solveSentence(sentence, { value: -1 }, { damping: 0.5 });
      assert.ok(damped.converged && damped.iterations <= 17);
    });

    it(`goes even when hot, while injection keeps the tokens apart: ${sentence}`, () => {
      const hot = solveSentence(sentence, {}, { temperature: 100 });
      const N = hot.trace.tokens.length;
      assert.ok(hot.converged && hot.iterations <= 3);
      for (const head of hot.attention) {
        assert.ok(head.data.every((weight) => Math.abs(weight - 1 / N) < 0.01));
      }
      assert.ok(tokenSpread(hot.z) > 0.5);
    });

    it(`collapses without injection, and says so: ${sentence}`, () => {
      const solved = solveSentence(sentence, {}, { inject: false });
      assert.ok(solved.converged && solved.iterations <= 6);
      assert.ok(tokenSpread(solved.z) < 1e-3);
      assert.match(solved.warnings[0]!, /collapsed into one and the attention is uniform/);
      const { tokenSpread: spreads } = solved.trace;
      assert.ok(spreads[0]! > 0.5 && spreads.at(-1)! < 1e-3, "the tokens merge on the way");
    });
  }
});
