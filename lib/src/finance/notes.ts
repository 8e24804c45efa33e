/** What a method of Greeks does not see of a payoff, in words. */
import { flagsOf } from "../tape/to-trace.js";
import { shortNumber, TapeFlag } from "../trace/index.js";
import type { Differentiable } from "../transforms/types.js";
import { recordCall } from "../transforms/vjp.js";
import type { Reads, Setting } from "./estimator.js";
import type { GreeksMethod } from "./estimators.js";
import { type Jump, jumpOf } from "./jumps.js";
import type { Parameters } from "./parameters.js";
import { watched } from "./watched.js";

/** What the notes are about. */
interface Case {
  readonly order: 1 | 2;
  readonly reads: Reads;
  readonly hasKink: () => boolean;
  readonly isConstant: () => boolean;
  readonly readsParameters: () => boolean;
  readonly jump: () => Jump | undefined;
}

const jumpText = ({ from, to, end }: Jump): string =>
  `The payoff jumps from ${shortNumber(from)} to ${shortNumber(to)} where a path ends at ${shortNumber(end)}`;

const moreOf = ({ earlier, parameters }: Reads): string =>
  [earlier && "values of earlier dates", parameters && "parameters"].filter(Boolean).join(" and ");

interface Row {
  readonly method: GreeksMethod;
  /** @returns the note, or nothing */
  readonly note: (of: Case) => string | false;
}

const ROWS: readonly Row[] = [
  {
    method: "pathwise",
    note: ({ order, hasKink }) =>
      order === 2 &&
      hasKink() &&
      "The payoff has a kink or a branch: its second derivative there is a Dirac, which the pathwise method takes for 0. Use vibrato, or a payoff with a width (ramp).",
  },
  {
    method: "pathwise",
    note: ({ isConstant, jump }) => {
      if (isConstant())
        return "The payoff is piecewise constant: its pathwise derivative is 0 and says nothing. Use doubleVibrato or likelihoodRatio.";
      const found = jump();
      return (
        found !== undefined &&
        `${jumpText(found)}: pathwise derivatives do not see that. Use doubleVibrato or likelihoodRatio.`
      );
    },
  },
  {
    method: "vibrato",
    note: ({ order, reads, jump }) => {
      const more = moreOf(reads);
      if (order === 1 && more === "") return false;
      const found = jump();
      if (found === undefined) return false;
      return more !== ""
        ? `${jumpText(found)}: vibrato sees what the last step owes to that, and not what ${more} do, which the payoff reads too. Use likelihoodRatio.`
        : `${jumpText(found)}: vibrato's first derivatives see that, its second ones do not. Use doubleVibrato or likelihoodRatio.`;
    },
  },
  {
    method: "doubleVibrato",
    note: ({ reads }) => {
      const more = moreOf(reads);
      return (
        more !== "" &&
        `The payoff reads ${more}. doubleVibrato differentiates by the last date alone, so that what those are worth is missing. Use vibrato, or likelihoodRatio.`
      );
    },
  },
  {
    method: "likelihoodRatio",
    note: ({ readsParameters, jump }) => {
      const found = readsParameters() ? jump() : undefined;
      return (
        found !== undefined &&
        `${jumpText(found)}: likelihoodRatio sees what the path's density owes to that, and not what parameters do, which the payoff reads too. Use differences.`
      );
    },
  },
  ...(["vibrato", "likelihoodRatio"] as const).map((method): Row => ({
    method,
    note: ({ order, hasKink, readsParameters }) =>
      order === 2 &&
      hasKink() &&
      readsParameters() &&
      "The payoff has a kink or a branch, and reads parameters: its second derivatives by two of those are pathwise, which takes the kink's for 0. Use differences.",
  })),
];

/** @param setting with a payoff that may be called as often as this needs */
export function notesOn<P extends Parameters>(
  setting: Setting<P>,
  method: GreeksMethod,
  reads: Reads,
): string[] {
  const kind = once(() => kindOf(setting));
  const about: Case = {
    order: setting.order,
    reads,
    hasKink: () => kind().hasKink,
    isConstant: () => kind().isConstant,
    readsParameters: () => kind().readsParameters,
    jump: once(() => jumpOf(setting)),
  };
  return ROWS.filter((row) => row.method === method).flatMap(({ note }) => note(about) || []);
}

const once = <T>(of: () => T): (() => T) => {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: of() }).value;
};

/** As one recorded path shows it. */
function kindOf<P extends Parameters>({ model, payoff, p }: Setting<P>) {
  const normals = new Array<number>(model.steps).fill(0.1);
  let readsParameters = false;
  const f = (q: P) =>
    payoff(
      model.path(q, normals),
      watched(q, () => (readsParameters = true)),
    );
  const { tape, outputs } = recordCall(f as Differentiable, [p]);
  const ids = Array.from({ length: tape.length }, (_, id) => id);
  return {
    readsParameters,
    hasKink: tape.guards.length > 0 || ids.some((id) => (flagsOf(tape, id) & TapeFlag.kink) !== 0),
    isConstant: outputs.every((node) => node < 0 || (flagsOf(tape, node) & TapeFlag.step) !== 0),
  };
}
