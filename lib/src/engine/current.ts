/** The engine on which new tensors are made. */
import { OptionError } from "../errors.js";
import type { Dtype, Engine, EngineName } from "./engine.js";
import { referenceEngine } from "./reference/engine.js";
import { createWasmEngine, hasSimd } from "./wasm/index.js";

/** Engines that can be had at once, by name, made when they are first asked for. */
const available = new Map<EngineName, () => Engine>([["reference", () => referenceEngine]]);
offerEngine("wasm", createWasmEngine);
let chosen: Engine | "auto" = "auto";

/** @param make called when the engine is first needed */
export function offerEngine(name: EngineName, make: () => Engine): void {
  let engine: Engine | undefined;
  available.set(name, () => (engine ??= make()));
}

/** The engine of this name. @throws OptionError when there is none that can be had at once */
export function engineNamed(name: EngineName): Engine {
  const make = available.get(name);
  if (make === undefined)
    throw new OptionError(
      `There is no engine "${name}" yet. There are: ${[...available.keys()].join(", ")}.`,
    );
  return make();
}

/**
 * What "auto" means where nothing has been measured: WebAssembly for the dtypes that it computes in, else the reference. A
 * GPU is never taken without a measurement (see `useEngine("auto")`).
 */
function automatic(dtype: Dtype): Engine {
  const wasm = hasSimd() ? engineNamed("wasm") : referenceEngine;
  // Integers go where floats go, so that rows can be gathered there.
  return dtype === "int32" || wasm.dtypes.includes(dtype) ? wasm : referenceEngine;
}

export const currentEngine = (dtype: Dtype): Engine =>
  chosen === "auto" || (!chosen.dtypes.includes(dtype) && dtype !== "int32") ? automatic(dtype) : chosen;

/** Make new tensors on this engine from now on; those that are there stay where they are. */
export function setEngine(engine: EngineName | "auto" | Engine): void {
  chosen = typeof engine === "object" || engine === "auto" ? engine : engineNamed(engine);
}

/** Run `body` with another engine for what it makes. */
export function withEngine<T>(engine: EngineName | "auto" | Engine, body: () => T): T {
  const outer = chosen;
  setEngine(engine);
  try {
    return body();
  } finally {
    chosen = outer;
  }
}
