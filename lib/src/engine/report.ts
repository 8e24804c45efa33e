/** What engines there are, which one was chosen and why, and what really ran. */
import { currentChoice, engineNamed } from "./current.js";
import type { EngineName } from "./engine.js";
import type { Timing } from "./gpu/crossover.js";
import type { Probe } from "./gpu/probe.js";
import { ranSoFar } from "./ran.js";
import { found } from "./use.js";
import type { WasmEngine } from "./wasm/index.js";
import { hasRelaxedSimd, hasSimd } from "./wasm/module.js";

export interface EngineLine {
  readonly engine: EngineName;
  /** Whether it can be had. */
  readonly available: boolean;
  /** Why, or what it is. */
  readonly detail: string;
}

/** The answer of `engineReport()`: its fields, and as text. */
export class EngineReport {
  readonly engines: readonly EngineLine[];
  /** Of new float32 tensors, by how many elements they have. */
  readonly chosen: readonly { readonly engine: EngineName; readonly from: number }[];
  readonly reason: string;
  /** What answered for each back end that can be a GPU; null where nobody has looked. */
  readonly probes: readonly Probe[] | null;
  /** The measurement, in milliseconds, that "auto" went by; null where there was none. */
  readonly timings: readonly Timing[] | null;
  /** How often each engine did each kernel. */
  readonly ran: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How often each back end of gpu.js ran, by its own account. */
  readonly ranByGpu: Readonly<Record<string, number>>;

  constructor(fields: Omit<EngineReport, "toString">) {
    this.engines = fields.engines;
    this.chosen = fields.chosen;
    this.reason = fields.reason;
    this.probes = fields.probes;
    this.timings = fields.timings;
    this.ran = fields.ran;
    this.ranByGpu = fields.ranByGpu;
  }

  toString(): string {
    const chosen = this.chosen.map(({ engine, from }) =>
      from === 0 ? engine : `${engine} from ${from} elements on`,
    );
    return [
      `float32 tensors are made on: ${chosen.join(", ")} (${this.reason})`,
      ...this.engines.map(
        ({ engine, available, detail }) => `  ${available ? "✓" : "✗"} ${engine.padEnd(10)} ${detail}`,
      ),
      ...(this.probes ?? []).map(
        ({ mode, hardware, reason }) => `      ${hardware ? "✓" : "✗"} ${mode.padEnd(10)} ${reason}`,
      ),
      ...(this.timings ?? []).map(
        ({ n, gpu, other }) => `      ${n} × ${n}: gpu ${gpu.toFixed(2)} ms, wasm ${other.toFixed(2)} ms`,
      ),
      "ran so far:",
      ...Object.entries(this.ran).map(([engine, kernels]) => `  ${engine.padEnd(10)} ${counts(kernels)}`),
      ...(Object.keys(this.ranByGpu).length > 0 ? [`  gpu.js ran ${counts(this.ranByGpu)}`] : []),
    ].join("\n");
  }
}

/** The most frequent first. */
const counts = (ran: Readonly<Record<string, number>>): string =>
  Object.entries(ran)
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${times}`)
    .join(", ");

Object.defineProperty(EngineReport.prototype, Symbol.for("Jupyter.display"), {
  value(this: EngineReport) {
    return { "text/plain": this.toString() };
  },
});

function engines(): EngineLine[] {
  const simd = hasSimd();
  return [
    {
      engine: "reference",
      available: true,
      detail: "plain TypeScript, double precision; does what the others refuse",
    },
    {
      engine: "wasm",
      available: simd,
      detail: simd
        ? `WebAssembly with SIMD${hasRelaxedSimd() ? ", relaxed (fused multiply-add)" : ""}; ${threadsText()}`
        : "there is no WebAssembly SIMD here",
    },
    gpuLine(),
  ];
}

function threadsText(): string {
  if (typeof SharedArrayBuffer !== "function") return "one thread, for there is no SharedArrayBuffer here";
  const { threads } = engineNamed("wasm") as WasmEngine;
  return threads === 1 ? "more threads begin with the first large product" : `${threads} threads`;
}

function gpuLine(): EngineLine {
  if (found.gpu)
    return { engine: "gpu", available: true, detail: `gpu.js on ${found.gpu.mode}, float32, answers later` };
  if (found.missing)
    return { engine: "gpu", available: false, detail: "gpu.js is not installed: npm install gpu.js@2.24.1" };
  if (found.probes === null)
    return { engine: "gpu", available: false, detail: 'nobody has looked for one: await useEngine("auto")' };
  return { engine: "gpu", available: false, detail: "gpu.js has no GPU here:" };
}

/** What engines there are, which one is chosen and why, and what really ran. It looks for nothing: `useEngine` does. */
export function engineReport(): EngineReport {
  const { engine, reason, large } = currentChoice();
  const base = engine === "auto" ? (hasSimd() ? "wasm" : "reference") : engine.name;
  return new EngineReport({
    engines: engines(),
    chosen: [
      { engine: base, from: 0 },
      ...(large ? [{ engine: large.engine.name, from: large.elements }] : []),
    ],
    reason,
    probes: found.probes,
    timings: found.crossover?.timings ?? null,
    ran: ranSoFar(),
    ranByGpu: found.gpu?.statistics().ran ?? {},
  });
}
