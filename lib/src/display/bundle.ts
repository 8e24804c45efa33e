/** What a notebook shows of an attention solve: the trace, a still picture, a text. */
import {
  ATTENTION_MIME,
  type AttentionTrace,
  boundAttentionTrace,
  encodeAttentionTrace,
  liveAttentionTrace,
} from "../trace/index.js";
import { attentionSvg } from "./attention-svg.js";
import { boundedEntry } from "./bounded.js";
import { stillEntry } from "./still.js";
import { attentionSummary } from "./summary.js";

/** Values by MIME type: JSON for `+json`, base64 text for images, text otherwise. */
export type MimeBundle = Record<string, unknown>;

/** What a message about a solve that runs may take: ten a second stay far below what a server lets through. */
const LIVE_BYTES = 256 * 1024;

/** A solve as it stands, for a cell that is still running: the trace, made small, without the still, which takes too long. */
export class RunningAttention {
  readonly #trace: AttentionTrace;

  constructor(trace: AttentionTrace) {
    this.#trace = trace;
  }

  [Symbol.for("Jupyter.display")](): MimeBundle {
    const encode = () => encodeAttentionTrace(liveAttentionTrace(this.#trace, LIVE_BYTES)).data;
    // Where not even groups of tokens fit: the words alone, and all of it at the end.
    const { entry } = boundedEntry(ATTENTION_MIME, encode);
    return { ...entry, "text/plain": attentionSummary(this.#trace, []) };
  }
}

/**
 * The bundle of a trace. What cannot be had is left out and the text says why: the trace when not even one
 * iteration fits the size bound, the picture where resvg cannot run.
 */
export function attentionBundle(trace: AttentionTrace, warnings: readonly string[] = []): MimeBundle {
  let shown = trace;
  const { entry, missing } = boundedEntry(ATTENTION_MIME, () => {
    shown = boundAttentionTrace(trace);
    return encodeAttentionTrace(shown).data;
  });
  const still = stillEntry(() => attentionSvg(shown));
  const said = [...warnings, ...missing, ...still.missing];
  return { ...entry, ...still.entry, "text/plain": attentionSummary(shown, said) };
}
