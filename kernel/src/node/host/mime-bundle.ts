/** A value as the MIME bundle that shows it. */
import { inspect } from "node:util";
import { isNativeError, isPromise } from "node:util/types";

import type { Json } from "../../core/message.js";
import type { MimeBundle } from "../../core/ports.js";
import { inspectValue } from "./inspect-value.js";
import { elementBundle } from "./rich/dom.js";
import { userFrames } from "./stack.js";

/** The convention of Deno's kernel and of several libraries: a method that returns a MIME bundle, or a promise of one. */
export const DISPLAY = Symbol.for("Jupyter.display");

const plain = (value: unknown): Json => ({
  "text/plain": read(() => (isNativeError(value) ? inspectError(value) : inspectValue(value))),
});

/** An error as a value, its stack without the lines that are Node's and the kernel's. */
function inspectError(error: Error): string {
  const internal = (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && userFrames(line).length === 0);
  return inspect(error)
    .split("\n")
    .filter((line) => !internal.some((frame) => line.trimStart() === frame.trimStart()))
    .join("\n");
}

function read(show: () => string): string {
  try {
    return show();
  } catch (error) {
    return `[a value that cannot be shown: ${String(error)}]`;
  }
}

/** Binary values travel as base64, everything else as JSON. */
function entry(value: unknown): unknown {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  // A round trip through JSON finds here, in the cell, what could not be sent later (a circle, a BigInt).
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** @throws TypeError when `bundle` is not an object of MIME types, or holds what JSON cannot say */
export function checkBundle(bundle: unknown): Json {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle))
    throw new TypeError("A MIME bundle is an object with one value per MIME type.");
  const data: Json = {};
  for (const [mime, value] of Object.entries(bundle)) if (value !== undefined) data[mime] = entry(value);
  return data;
}

function displayMethod(value: unknown): (() => unknown) | null {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return null;
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof method === "function" ? () => (method as () => unknown).call(value) : null;
}

function complete(value: unknown, bundle: unknown): MimeBundle {
  const data = checkBundle(bundle);
  return { data: "text/plain" in data ? data : { ...data, ...plain(value) }, metadata: {} };
}

/**
 * The bundle of a value: at once where that is possible, so that displays keep their place among printed lines.
 *
 * @param onFailure told when the value's own display method failed; the value is then shown as plain text
 */
export function toBundle(
  value: unknown,
  onFailure: (error: unknown) => void,
): MimeBundle | Promise<MimeBundle> {
  const fallBack = (error: unknown): MimeBundle => {
    onFailure(error);
    return { data: plain(value), metadata: {} };
  };
  try {
    const method = displayMethod(value);
    if (method === null) return { data: elementBundle(value) ?? plain(value), metadata: {} };
    const bundle = method();
    if (!isPromise(bundle)) return complete(value, bundle);
    return Promise.resolve(bundle)
      .then((data) => complete(value, data))
      .catch(fallBack);
  } catch (error) {
    return fallBack(error);
  }
}
