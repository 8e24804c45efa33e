/** The text summary of an attention trace: for terminals, and for whoever cannot see the picture. */
import { type AttentionTrace, evidence, resultFrame, shortNumber, verdict } from "../trace/index.js";
import { elide } from "./text.js";
import { attentionNotes } from "./notes.js";

const MAX_TOKENS_NAMED = 12;
const MAX_HEADS_NAMED = 8;

/** Aligned lines: the verdict first, then the problem, the solver, and what there is to say about it. */
export function attentionSummary(trace: AttentionTrace, warnings: readonly string[] = []): string {
  const { solver, tokens, heads, preset, outcome, tokenSpread, drift } = trace;
  const N = tokens.length;
  const frame = resultFrame(trace);
  const size = heads.length * N * N;
  const shown = trace.frames.weights.subarray(frame * size, (frame + 1) * size);
  const hatched = shown.reduce((sum, weight) => sum + (Number.isFinite(weight) ? 0 : 1), 0);
  const notes = attentionNotes(trace, { heads: heads.length, hatched, block: 1, every: 1 });
  const known = evidence(trace);
  const rows: [string, string][] = [
    ["tokens", `${N}: ${named(tokens, MAX_TOKENS_NAMED, " ")}`],
    ["heads", `${heads.length}: ${named(heads.map(headText), MAX_HEADS_NAMED, ", ")}`],
    ["map", `preset ${preset}`],
    [
      "solver",
      `${solver.name}, damping ${shortNumber(solver.damping)}, tolerance ${shortNumber(solver.tolerance)} ` +
        `(${solver.mode}, ${solver.norm} norm), at most ${solver.maxIterations} iterations`,
    ],
    ...(known.length > 0 ? [["evidence", known.join(", ")] as [string, string]] : []),
    ["token spread", shortNumber(tokenSpread[outcome.bestIteration]!)],
    [
      "last drift",
      `${shortNumber(drift.at(-1) ?? NaN)} (change of the attention in the last ${trace.training ? "recorded step" : "iteration"})`,
    ],
    ...notes.map((note): [string, string] => ["note", note]),
    ...warnings.map((warning): [string, string] => ["warning", warning]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [headline(trace), ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)].join("\n");
}

/** The verdict, with its subject. */
const headline = (trace: AttentionTrace): string =>
  trace.training ? `Attention in training: ${verdict(trace)}` : `Attention ${verdict(trace)}`;

const headText = ({ name, temperature }: { name: string; temperature: number }): string =>
  temperature === 1 ? name : `${name} (τ ${shortNumber(temperature)})`;

function named(texts: readonly string[], most: number, separator: string): string {
  const shown = texts.slice(0, most).map((text) => elide(text.replace(/\s+/g, " "), 24));
  return shown.join(separator) + (texts.length > most ? `${separator}… ${texts.length - most} more` : "");
}
