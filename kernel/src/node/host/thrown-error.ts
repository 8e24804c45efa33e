/** A thrown value as data: name, message, the frames that are the user's, the causes. */
import { isNativeError } from "node:util/types";
import { inspect } from "node:util";

import type { Outcome, ThrownError } from "../../core/ports.js";
import { userFrames } from "./stack.js";

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

export function toThrownError(value: unknown, depth = 0): ThrownError {
  if (!isError(value))
    return {
      name: "Uncaught",
      message: read(() => inspect(value), "a value that cannot be shown"),
      frames: [],
      cause: null,
    };
  const cause = read(() => value.cause, undefined);
  return {
    name: read(() => String(value.name), "Error"),
    message: read(() => String(value.message), ""),
    frames: userFrames(read(() => value.stack ?? "", "")),
    cause: cause === undefined || depth >= MAX_DEPTH ? null : toThrownError(cause, depth + 1),
  };
}

export const thrownOutcome = (value: unknown): Outcome => ({ status: "error", error: toThrownError(value) });
