/** What the magics of a cell do: one row a magic. */
import { describeLevel, isTypeLevel, type Refusal, unknownLevel, usageError } from "./check-types.js";
import { listMagics, type Magic, unknownMagic } from "./magics.js";
import type { RequestContext } from "./request-context.js";

/** What a row may use. */
export interface MagicScope {
  readonly context: Pick<RequestContext, "typeLevel">;
  /** Prints to the cell's output. */
  readonly say: (text: string) => void;
}

type Effect = (scope: MagicScope) => void;

/** What the magic does with its argument, or why it cannot. */
const rows: Readonly<Record<string, (argument: string) => Effect | Refusal>> = {
  types(level) {
    if (level === "") return ({ context, say }) => say(describeLevel(context.typeLevel));
    if (!isTypeLevel(level)) return unknownLevel(level);
    return ({ context }) => {
      context.typeLevel = level;
    };
  },
  magics:
    () =>
    ({ say }) =>
      say(listMagics()),
};

/** @returns why the cell must not run, in which case none of its magics has done anything; null otherwise */
export function obeyMagics(magics: readonly Magic[], scope: MagicScope): Refusal | null {
  const unknown = unknownMagic(magics);
  if (unknown !== null) return usageError(unknown);
  const effects: Effect[] = [];
  for (const { name, argument } of magics) {
    const asked = rows[name]!(argument);
    if (typeof asked !== "function") return asked;
    effects.push(asked);
  }
  for (const effect of effects) effect(scope);
  return null;
}
