/** What user code writes to stdout and stderr, handed on in order. */
import { Console } from "node:console";

type Write = (name: "stdout" | "stderr", text: string) => void;

function redirect(stream: NodeJS.WriteStream, name: "stdout" | "stderr", write: Write): void {
  // A chunk may end in the middle of a character; the decoder keeps the rest for the next one.
  const decoder = new TextDecoder();
  const replacement = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ): boolean => {
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    if (text !== "") write(name, text);
    const done = typeof encoding === "function" ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
  stream.write = replacement as typeof stream.write;
}

/** A stream for the console: by way of `process.stdout.write`, which user code may have replaced to listen in. */
const sinkOf = (stream: NodeJS.WriteStream): NodeJS.WriteStream =>
  ({ write: (text: string) => stream.write(text) }) as NodeJS.WriteStream;

export function captureOutput(write: Write): void {
  redirect(process.stdout, "stdout", write);
  redirect(process.stderr, "stderr", write);
  // Node's own console also reports to the inspector, which keeps every argument alive. This one only writes. It does not
  // look out for errors: that costs a callback a line, and those of an endless loop would fill the memory.
  globalThis.console = new Console({
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    ignoreErrors: false,
  });
}
