/** A line to another thread or process: plain values pass, and each end hears when the other is gone. */

export interface Port {
  /** @param message numbers, texts, lists, plain objects, typed arrays, Maps of texts */
  send(message: unknown): void;
  onMessage: (message: unknown) => void;
  /** The other end is gone. */
  onEnd: (why: string) => void;
  /** Hang up; the other end is told. Resolves when it is gone. Calling it twice does no harm. */
  close(): Promise<void>;
}
