/** The engine on which new tensors are made. */
import { OptionError } from "../errors.js";
import type { Dtype, Engine, EngineName } from "./engine.js";
import { referenceEngine } from "./reference/engine.js";
import { createWasmEngine, hasSimd } from "./wasm/index.js";

/** Engines that can be had at once, by name, made when they are first asked for. */
const available = new Map<EngineName, () => Engine>([["reference", () => referenceEngine]]);
offerEngine("wasm", () => createWasmEngine({ threads: "auto" }));

/** What was decided, and why. */
export interface Choice {
  readonly engine: Engine | "auto";
  readonly reason: string;
  /** An engine for single precision from so many elements on. */
  readonly large?: { readonly engine: Engine; readonly elements: number };
}

const atFirst: Choice = { engine: "auto", reason: "nobody has chosen, and no GPU has been looked for" };
let choice: Choice = atFirst;

export const currentChoice = (): Choice => choice;

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
      `There is no engine "${name}" yet. There are: ${[...available.keys()].join(", ")}.` +
        ((name as string) === "gpu" ? ` Look for a GPU first: await useEngine("gpu").` : ""),
    );
  return make();
}

/**
 * What "auto" means where nothing has been measured: WebAssembly for the dtypes that it computes in, else the reference. A
 * GPU is never taken without a measurement (see `useEngine("auto")`).
 */
export function automatic(dtype: Dtype): Engine {
  const wasm = hasSimd() ? engineNamed("wasm") : referenceEngine;
  // Integers go where floats go, so that rows can be gathered there.
  return dtype === "int32" || wasm.dtypes.includes(dtype) ? wasm : referenceEngine;
}

/** @param elements of the tensor that is to be made */
export function currentEngine(dtype: Dtype, elements = 0): Engine {
  const { engine, large } = choice;
  if (large && dtype === "float32" && elements >= large.elements) return large.engine;
  return engine === "auto" || (!engine.dtypes.includes(dtype) && dtype !== "int32")
    ? automatic(dtype)
    : engine;
}

/** Make new tensors on this engine from now on; those that are there stay where they are. */
export function setEngine(engine: EngineName | "auto" | Engine): void {
  choose({
    engine: typeof engine === "object" || engine === "auto" ? engine : engineNamed(engine),
    reason: "it was chosen by name",
  });
}

export function choose(next: Choice): void {
  choice = next;
}

/** Run `body` with another engine for what it makes. */
export function withEngine<T>(engine: EngineName | "auto" | Engine, body: () => T): T {
  const outer = choice;
  setEngine(engine);
  try {
    return body();
  } finally {
    choice = outer;
  }
}
