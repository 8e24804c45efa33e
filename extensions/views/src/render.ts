/** The safe entry for a shell that holds data from anyone: a view, or a message; never an exception. */
import { type BinaryBuffer, readTrace, type Trace, TraceError } from "cotangent/trace";
import type { AttentionView, AttentionViewOptions } from "./attention/options.js";
import { resolvingView } from "./attention/resolving.js";
import { attentionView } from "./attention/view.js";
import { messageView } from "./message.js";
import type { RanksView, RanksViewOptions } from "./ranks/options.js";
import { ranksView } from "./ranks/view.js";
import type { TapeView, TapeViewOptions } from "./tape/options.js";
import { tapeView } from "./tape/paths.js";

/** What every view is, whatever it draws. */
export interface AnyView {
  /** Where the reader stands, for another view of the same thing. */
  readonly state: unknown;
  /** Show another trace of the same thing in place; false where that cannot be done. */
  update?(trace: Trace): boolean;
  /** Remove everything. Calling it twice does no harm. */
  destroy(): void;
}

/** What every view takes. */
interface AnyViewOptions {
  /** Drawing failed and the view has destroyed itself. */
  readonly onError?: (error: unknown) => void;
}

export type RenderOptions<O> = O & {
  /** The MIME type that the data came under; one of a newer major version gets a message. */
  readonly mimeType?: string;
  readonly buffers?: readonly BinaryBuffer[];
  /** Shown under a message: the output's text/plain. */
  readonly fallback?: string;
};

export interface Rendered<V = AnyView> {
  /** The view; undefined when the data could not be read. */
  readonly view: V | undefined;
  /** Show other data in the same view; false where a new one is needed, and nothing was done. */
  update(data: unknown, options?: Pick<RenderOptions<object>, "mimeType" | "buffers">): boolean;
  destroy(): void;
}

type OfKind<K extends Trace["kind"]> = Extract<Trace, { kind: K }>;

/** The renderer of one kind: show a trace with `draw`, or say why it cannot be shown. */
function renderer<K extends Trace["kind"], O extends AnyViewOptions, V extends AnyView>(
  kind: K,
  draw: (host: HTMLElement, trace: OfKind<K>, options: O) => V,
) {
  return (host: HTMLElement, data: unknown, options: RenderOptions<O>): Rendered<V> => {
    const { mimeType, buffers = [], fallback, ...viewOptions } = options;
    const read = (of: unknown, mime: string | undefined, parts: readonly BinaryBuffer[]) =>
      // The MIME type is checked first: under a newer one the data may look like anything.
      readTrace(of, { buffers: parts, kind, ...(mime !== undefined && { mimeType: mime }) }) as OfKind<K>;
    try {
      const trace = read(data, mimeType, buffers);
      let shown: { destroy(): void };
      const onError = (error: unknown) => {
        shown = messageView(host, error, fallback);
        options.onError?.(error);
      };
      const view = draw(host, trace, { ...viewOptions, onError } as unknown as O);
      shown ??= view;
      return {
        view,
        update(next, { mimeType, buffers = [] } = {}) {
          if (shown !== view || view.update === undefined) return false;
          try {
            return view.update(read(next, mimeType, buffers));
          } catch (error) {
            // Whoever makes a new view is told there.
            if (error instanceof TraceError) return false;
            throw error;
          }
        },
        destroy: () => shown.destroy(),
      };
    } catch (error) {
      const { destroy } = messageView(host, error, fallback);
      return { view: undefined, update: () => false, destroy };
    }
  };
}

/** Show an attention trace, or say why it cannot be shown. */
export const renderAttention = renderer<"attention", AttentionViewOptions, AttentionView>(
  "attention",
  (host, trace, { resolve, ...options }) =>
    resolve && trace.resolve !== undefined
      ? resolvingView(host, trace, { ...options, resolve })
      : attentionView(host, trace, options),
);

/** Show a ranks trace, or say why it cannot be shown. */
export const renderRanks = renderer<"ranks", RanksViewOptions, RanksView>("ranks", ranksView);

/** Show a tape trace, or say why it cannot be shown. */
export const renderTape = renderer<"tape", TapeViewOptions, TapeView>("tape", tapeView);
