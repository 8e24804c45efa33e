/** What a notebook shows of an attention solve: the trace, a still picture, a text. */
import {
  ATTENTION_MIME,
  type AttentionTrace,
  boundAttentionTrace,
  encodeAttentionTrace,
  toBase64,
  TraceTooLargeError,
} from "../trace/index.js";
import { attentionSvg } from "./attention-svg.js";

import { rasterise } from "./rasterise.js";
import { attentionSummary } from "./summary.js";

/** Values by MIME type: JSON for `+json`, base64 text for images, text otherwise. */
export type MimeBundle = Record<string, unknown>;

/** What a message about a solve that runs may take: ten a second stay far below what a server lets through. */
const LIVE_BYTES = 256 * 1024;

/** A solve as it stands, for a cell that is still running: the trace, thinned, without the still, which takes too long. */
export class RunningAttention {
  readonly #trace: AttentionTrace;

  constructor(trace: AttentionTrace) {
    this.#trace = trace;
  }

  [Symbol.for("Jupyter.display")](): MimeBundle {
    const text = { "text/plain": attentionSummary(this.#trace, []) };
    try {
      const shown = boundAttentionTrace(this.#trace, LIVE_BYTES);
      return { [ATTENTION_MIME]: encodeAttentionTrace(shown).data, ...text };
    } catch (error) {
      // Not even one iteration fits: the numbers alone, and all of it at the end.
      if (!(error instanceof TraceTooLargeError)) throw error;
      return text;
    }
  }
}

/**
 * The bundle of a trace. What cannot be had is left out and the text says why: the trace when not even one
 * iteration fits the size bound, the picture where resvg cannot run.
 */
export async function attentionBundle(
  trace: AttentionTrace,
  warnings: readonly string[] = [],
): Promise<MimeBundle> {
  const bundle: MimeBundle = {};
  const said = [...warnings];
  let shown = trace;
  try {
    shown = boundAttentionTrace(trace);
    bundle[ATTENTION_MIME] = encodeAttentionTrace(shown).data;
  } catch (error) {
    if (!(error instanceof TraceTooLargeError)) throw error;
    said.push(`The interactive view is missing. ${error.message}`);
  }
  try {
    bundle["image/png"] = toBase64(await rasterise(attentionSvg(shown)));
  } catch (error) {
    said.push(`The still picture is missing: ${error instanceof Error ? error.message : String(error)}`);
  }
  bundle["text/plain"] = attentionSummary(shown, said);
  return bundle;
}
