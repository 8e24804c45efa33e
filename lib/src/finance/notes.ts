/** What a method of Greeks does not see of a payoff, in words. */
import { flagsOf } from "../tape/to-trace.js";
import { shortNumber, TapeFlag } from "../trace/index.js";
import type { Differentiable } from "../transforms/types.js";
import { recordCall } from "../transforms/vjp.js";
import type { Reads, Setting } from "./estimator.js";
import type { GreeksMethod } from "./estimators.js";
import { type Jump, jumpOf } from "./jumps.js";
import type { Parameters } from "./parameters.js";

/** What the notes are about. */
interface Case {
  readonly order: 1 | 2;
  readonly reads: Reads;
  readonly hasKink: () => boolean;
  readonly isConstant: () => boolean;
  readonly jump: () => Jump | undefined;
}

const jumpText = ({ from, to, ends }: Jump): string =>
  `The payoff jumps by ${shortNumber(Math.abs(to - from))} where a path ends at ${ends.map(shortNumber).join(", ")}`;

const moreOf = ({ earlier, parameters }: Reads): string =>
  [earlier && "values of earlier dates", parameters.size > 0 && "parameters"].filter(Boolean).join(" and ");

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
      "The payoff has a kink or a branch: its second derivative there is a Dirac, which the pathwise method takes for 0. Use vibrato where it reads the last date alone, likelihoodRatio or differences otherwise, or a payoff with a width (ramp).",
  },
  {
    method: "pathwise",
    note: ({ isConstant, jump }) => {
      if (isConstant())
        return "The payoff is piecewise constant: its pathwise derivative is 0 and says nothing. Use doubleVibrato or likelihoodRatio.";
      const found = jump();
      if (found === undefined) return false;
      const others = found.readsEarlier ? "likelihoodRatio" : "doubleVibrato or likelihoodRatio";
      return `${jumpText(found)}: pathwise derivatives do not see that. Use ${others}.`;
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
    method: "vibrato",
    note: ({ order, reads, hasKink }) => {
      const more = moreOf(reads);
      return (
        order === 2 &&
        more !== "" &&
        hasKink() &&
        `The payoff has a kink or a branch, and reads ${more}: what its second derivatives owe to those is taken pathwise, which takes the kink's for 0. Use ${reads.parameters.size > 0 ? "differences" : "likelihoodRatio or differences"}.`
      );
    },
  },
  {
    method: "doubleVibrato",
    note: ({ reads }) => {
      const more = moreOf(reads);
      return (
        more !== "" &&
        `The payoff reads ${more}. doubleVibrato differentiates by the last date alone, so that what those are worth is missing. Use likelihoodRatio, or vibrato in first order.`
      );
    },
  },
  {
    method: "likelihoodRatio",
    note: ({ reads, jump }) => {
      const found = reads.parameters.size > 0 ? jump() : undefined;
      return (
        found !== undefined &&
        `${jumpText(found)}: likelihoodRatio sees what the path's density owes to that, and not what parameters do, which the payoff reads too. Use differences.`
      );
    },
  },
  {
    method: "likelihoodRatio",
    note: ({ order, reads, hasKink }) =>
      order === 2 &&
      reads.parameters.size > 0 &&
      hasKink() &&
      "The payoff has a kink or a branch, and reads parameters: its second derivatives by two of those are pathwise, which takes the kink's for 0. Use differences.",
  },
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
    jump: once(() => jumpOf(setting)),
  };
  return ROWS.filter((row) => row.method === method).flatMap(({ note }) => note(about) || []);
}

const once = <T>(of: () => T): (() => T) => {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: of() }).value;
};

/** Standard deviations at which the payoff is looked at: a branch of it may be constant where the others are not. */
const LOOKED_AT = [0.1, -4, 4];

/** As a few recorded paths show it; one that the payoff refuses says nothing. */
function kindOf<P extends Parameters>({ model, payoff, p }: Setting<P>) {
  const kinds = LOOKED_AT.flatMap((deviations) => {
    const normals = new Array<number>(model.steps).fill(deviations / Math.sqrt(model.steps));
    const f = (q: P) => payoff(model.path(q, normals), q);
    try {
      const { tape, outputs } = recordCall(f as Differentiable, [p]);
      const ids = Array.from({ length: tape.length }, (_, id) => id);
      return [
        {
          hasKink: tape.guards.length > 0 || ids.some((id) => (flagsOf(tape, id) & TapeFlag.kink) !== 0),
          isConstant: outputs.every((node) => node < 0 || (flagsOf(tape, node) & TapeFlag.step) !== 0),
        },
      ];
    } catch {
      return [];
    }
  });
  return {
    hasKink: kinds.some(({ hasKink }) => hasKink),
    isConstant: kinds.length > 0 && kinds.every(({ isConstant }) => isConstant),
  };
}
