/** The options of an attention solve, checked and completed. */
import { LivePlace, type Show } from "../display/live.js";
import { OptionError } from "../errors.js";
import {
  type CheckedOptions,
  checkSolveOptions,
  solveOptionNames,
  type SolveOptions,
  type SolveStep,
} from "../fixedpoint/options.js";
import { checkMatrix, type Matrix } from "../matrix.js";
import { checkChoice, checkCount, checkFlag, checkOptionNames, checkPositive } from "../options.js";
import { MAX_HEADS, MAX_TOKENS } from "../trace/index.js";
import { checkLabels } from "./labels.js";
import { type AttentionMap, type AttentionPreset, presets } from "./presets.js";
import { SPECTRUM_TOKENS } from "./spectrum.js";
import { type AttentionWeights, checkWeights } from "./weights.js";

/** What an observer sees of one iteration; nothing of it must be changed. */
export interface AttentionSolveStep extends SolveStep {
  /** A of each head at z, [tokens, tokens]. */
  readonly attention: readonly Matrix[];
}

export interface SolveAttentionOptions extends Omit<SolveOptions, "observe"> {
  /** [N] labels of the tokens, up to 1,024. */
  readonly tokens: readonly string[];
  /** [N, width] the input; also where the iteration starts unless `z0` is given. */
  readonly x: Matrix;
  readonly weights: AttentionWeights;
  /** Number of heads; default as many as there are names, otherwise 1. */
  readonly heads?: number;
  /** Default "head 1", "head 2", … */
  readonly headNames?: readonly string[];
  /** τ of all heads, or of each; default 1. High: even attention. Low: each token picks one. */
  readonly temperature?: number | readonly number[];
  /** Default "inject". */
  readonly preset?: AttentionPreset;
  /** `false` is short for the preset "paper", the loop that collapses. */
  readonly inject?: boolean;
  /** [N, width] where to start; default x. */
  readonly z0?: Matrix;
  /**
   * Whether to find the leading eigenvalues of the Jacobian at the fixed point, for the verdict and its picture; default: up to 64
   * tokens. Where the solve did not converge, the fixed point is looked for by Anderson's method.
   */
  readonly spectrum?: boolean;
  /**
   * Show the solve while it runs: the kernel's `display`. At the end the whole takes the place of what was shown, so that the cell
   * need not show its value again.
   */
  readonly live?: Show | undefined;
  /** Called after every evaluation of the attention step. */
  readonly observe?: ((step: AttentionSolveStep) => void) | undefined;
}

const ownNames = [
  "tokens",
  "x",
  "weights",
  "heads",
  "headNames",
  "temperature",
  "preset",
  "inject",
  "z0",
  "spectrum",
  "live",
  "observe",
];

export interface CheckedAttention {
  readonly tokens: readonly string[];
  readonly x: Matrix;
  readonly z0: Matrix;
  readonly map: AttentionMap;
  readonly weights: AttentionWeights;
  readonly heads: readonly { name: string; temperature: number }[];
  readonly preset: AttentionPreset;
  readonly solver: CheckedOptions;
  readonly spectrum: boolean;
  readonly live: LivePlace | undefined;
  readonly observe: SolveAttentionOptions["observe"];
}

/** @throws UnknownOptionError, OptionError, ShapeError */
export function checkAttentionOptions(options: SolveAttentionOptions): CheckedAttention {
  checkOptionNames(options, [...ownNames, ...solveOptionNames], "solveAttention");
  const { tokens, x, weights, headNames } = options;
  checkMatrix(x, "x");
  checkCount(x.rows, "The number of tokens", 1, MAX_TOKENS);
  checkLabels(tokens, "tokens", x.rows);
  const heads = checkCount(options.heads ?? headNames?.length ?? 1, "heads", 1, MAX_HEADS);
  const names = headNames ?? Array.from({ length: heads }, (_, h) => `head ${h + 1}`);
  checkLabels(names, "headNames", heads);
  checkWeights(weights, x.cols, heads);
  const temperatures = checkTemperatures(options.temperature ?? 1, heads);
  const preset = presetOf(options);
  const map = presets[preset].map({ x, weights, temperatures });
  const z0 = options.z0 ?? map.start;
  checkMatrix(z0, "z0", map.start);
  const solveOptions = Object.fromEntries(
    Object.entries(options).filter(([name]) => name !== "observe" && isSolveOption(name)),
  );
  return {
    tokens: [...tokens],
    x,
    z0,
    map,
    weights,
    heads: temperatures.map((temperature, h) => ({ name: names[h]!, temperature })),
    preset,
    solver: checkSolveOptions(solveOptions),
    spectrum: checkFlag(options.spectrum ?? x.rows <= SPECTRUM_TOKENS, "spectrum"),
    live: options.live && new LivePlace(options.live),
    observe: options.observe,
  };
}

const isSolveOption = (name: string): boolean => (solveOptionNames as readonly string[]).includes(name);

function presetOf({ preset, inject }: SolveAttentionOptions): AttentionPreset {
  const chosen = preset ?? (inject === false ? "paper" : "inject");
  checkChoice(chosen, "preset", Object.keys(presets) as AttentionPreset[]);
  if (inject !== undefined && inject !== presets[chosen].inject) {
    throw new OptionError(`inject: ${inject} contradicts the preset "${chosen}"; leave one of the two out.`);
  }
  return chosen;
}

function checkTemperatures(given: number | readonly number[], heads: number): readonly number[] {
  const all = typeof given === "number" ? Array.from({ length: heads }, () => given) : given;
  if (all.length !== heads) {
    throw new OptionError(
      `temperature has ${all.length} entries for ${heads} heads; give one number, or one each.`,
    );
  }
  return all.map((temperature) => checkPositive(temperature, "temperature"));
}
