/** Linear layers with a nonlinear function between them. */
import { OptionError } from "../errors.js";
import { checkOptionNames } from "../options.js";
import { type Activation, activation } from "./activations.js";
import { heNormal, type Initialiser } from "./initialisers.js";
import type { Layer } from "./layer.js";
import { linear, type LinearParams } from "./linear.js";

export interface MlpParams {
  readonly layers: readonly LinearParams[];
}

export interface MlpOptions {
  /** "relu" when not given. */
  readonly activation?: Activation;
  readonly weight?: Initialiser;
}

/** @param widths of the input, of what is hidden, and of the output: at least two */
export function mlp(widths: readonly number[], options: MlpOptions = {}): Layer<MlpParams> {
  checkOptionNames(options, ["activation", "weight"], "mlp");
  if (widths.length < 2)
    throw new OptionError("mlp needs the widths of its input and of its output at least.");
  const f = activation(options.activation ?? "relu");
  const parts = widths
    .slice(1)
    .map((width, i) => linear(widths[i]!, width, { weight: options.weight ?? heNormal }));
  return {
    init: (stream, how) => ({ layers: parts.map((part, i) => part.init(stream.split(i), how)) }),
    apply: ({ layers }, x) =>
      parts.reduce((y, part, i) => {
        const next = part.apply(layers[i]!, y);
        return i < parts.length - 1 ? f(next) : next;
      }, x),
  };
}
