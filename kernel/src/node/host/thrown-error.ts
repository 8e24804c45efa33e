/** A thrown value as data: name, message, the frames that are the user's, the causes. */
import { isNativeError } from "node:util/types";
import { inspect } from "node:util";

import type { Outcome, RelatedError, ThrownError } from "../../core/ports.js";
import { rawStack, userFrames, withSource } from "./stack.js";

/** A chain of causes may be a circle. */
const MAX_DEPTH = 12;

const isError = (value: unknown): value is Error => isNativeError(value) || value instanceof Error;

/** Reading a property of a thrown object runs user code (getters, proxies), which may throw in turn. */
function read<T>(get: () => T, fallback: T): T {
  try {
    return get();
  } catch {
    return fallback;
  }
}

/** Properties that every error has, or that are shown in another way. */
const SHOWN = new Set(["name", "message", "stack", "cause", "errors", "error", "suppressed"]);
const MAX_PROPERTIES = 12;
const MAX_ERRORS = 10;

function propertiesOf(error: Error): string[] {
  const names = Object.keys(error).filter((name) => !SHOWN.has(name));
  const lines = names.slice(0, MAX_PROPERTIES).map((name) => {
    const value = read(() => inspect(error[name as keyof Error], { depth: 1, breakLength: Infinity }), "…");
    return `${name}: ${value.length > 500 ? `${value.slice(0, 500)}…` : value}`;
  });
  return names.length > MAX_PROPERTIES ? [...lines, `… and ${names.length - MAX_PROPERTIES} more`] : lines;
}

type Gathering = Error & {
  readonly errors?: unknown;
  readonly error?: unknown;
  readonly suppressed?: unknown;
};

function relatedOf(error: Gathering, depth: number): RelatedError[] {
  if (error.name === "SuppressedError" && "suppressed" in error)
    return [
      { relation: "Thrown while disposing:", error: toThrownError(error.error, depth + 1) },
      { relation: "Suppressed:", error: toThrownError(error.suppressed, depth + 1) },
    ];
  if (!Array.isArray(error.errors)) return [];
  const errors = error.errors as readonly unknown[];
  // AggregateError, and what is made like it; a validation library's list of plain objects is a property.
  if (error.name !== "AggregateError" && !errors.every(isError)) return [];
  const shown = errors.slice(0, MAX_ERRORS).map((one, i) => ({
    relation: `Error ${i + 1} of ${errors.length}:`,
    error: toThrownError(one, depth + 1),
  }));
  return shown;
}

export function toThrownError(value: unknown, depth = 0): ThrownError {
  if (!isError(value))
    return {
      name: "Uncaught",
      message: read(() => inspect(value), "a value that cannot be shown"),
      frames: [],
      cause: null,
    };
  const cause = read(() => value.cause, undefined);
  const deeper = depth < MAX_DEPTH;
  return {
    name: read(() => String(value.name), "Error"),
    message: read(() => String(value.message), ""),
    frames: read(() => withSource(userFrames(rawStack(value))), []),
    cause: cause === undefined || !deeper ? null : toThrownError(cause, depth + 1),
    properties: read(() => propertiesOf(value), []),
    related: deeper ? read(() => relatedOf(value, depth), []) : [],
  };
}

export const thrownOutcome = (value: unknown): Outcome => ({ status: "error", error: toThrownError(value) });
