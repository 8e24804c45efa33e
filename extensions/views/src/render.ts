/** The safe entry for a shell that holds data from anyone: a view, or a message; never an exception. */
import { type BinaryBuffer, decodeAttentionTrace, readTrace, TraceError } from "cotangent/trace";
import type { AttentionView, AttentionViewOptions } from "./attention/options.js";
import { attentionView } from "./attention/view.js";
import { messageView } from "./message.js";

export interface RenderOptions extends AttentionViewOptions {
  /** The MIME type that the data came under; one of a newer major version gets a message. */
  readonly mimeType?: string;
  readonly buffers?: readonly BinaryBuffer[];
  /** Shown under a message: the output's text/plain. */
  readonly fallback?: string;
}

export interface Rendered {
  /** The view; undefined when the data could not be read. */
  readonly view: AttentionView | undefined;
  destroy(): void;
}

/** Show an attention trace, or say why it cannot be shown. */
export function renderAttention(host: HTMLElement, data: unknown, options: RenderOptions = {}): Rendered {
  const { mimeType, buffers = [], fallback, ...viewOptions } = options;
  try {
    // The MIME type is checked first: under a newer one the data may look like anything.
    const trace =
      mimeType === undefined ? decodeAttentionTrace(data, buffers) : readTrace(data, { buffers, mimeType });
    if (trace.kind !== "attention")
      throw new TraceError(
        `This is a trace of the kind "${trace.kind}"; this view draws the kind "attention".`,
      );
    let shown: { destroy(): void };
    const onError = (error: unknown) => {
      shown = messageView(host, error, fallback);
      viewOptions.onError?.(error);
    };
    const view = attentionView(host, trace, { ...viewOptions, onError });
    shown ??= view;
    return { view, destroy: () => shown.destroy() };
  } catch (error) {
    const { destroy } = messageView(host, error, fallback);
    return { view: undefined, destroy };
  }
}
