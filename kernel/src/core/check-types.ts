/** What the type check means for a cell that wants to run. */
import type { CellRecord } from "./cells.js";
import type { TypeLevel } from "./ports.js";
import type { RequestContext } from "./request-context.js";
import { renderTypeErrors, summarise } from "./type-errors.js";

export interface Refusal {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** Not "TypeError", which is a runtime error of JavaScript's own. */
const ENAME = "TypeScriptError";

export const usageError = (evalue: string): Refusal => ({
  ename: "UsageError",
  evalue,
  traceback: [`\u001b[31mUsageError\u001b[0m: ${evalue}`],
});

export const unknownLevel = (value: string): Refusal =>
  usageError(`"${value}" is no level of type checks. Write %types error, %types warn or %types off.`);

const MEANING: Record<TypeLevel, string> = {
  error: "a type error stops its cell",
  warn: "type errors are printed and the cell runs",
  off: "types are not checked",
};

export const isTypeLevel = (value: unknown): value is TypeLevel =>
  typeof value === "string" && Object.hasOwn(MEANING, value);

export const describeLevel = (level: TypeLevel): string => `Type checks: ${level} (${MEANING[level]}).\n`;

/** Resolves at once when the kernel is interrupted. */
function orInterrupted<T>(context: RequestContext, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      context.language?.cancel();
      resolve(null);
    };
    context.interruptListeners.add(stop);
    work.then(resolve, reject).finally(() => context.interruptListeners.delete(stop));
  });
}

/**
 * Check a cell, as far as the present level asks for it.
 *
 * @param source the cell without its magics
 * @returns why the cell must not run; null when it may
 */
export async function checkTypes(
  context: RequestContext,
  record: CellRecord,
  source: string,
): Promise<Refusal | null> {
  const { language, typeLevel } = context;
  if (language === null || typeLevel === "off") return null;
  const checked = await orInterrupted(context, language.check({ id: record.id, source }));
  if (checked === null) return null;
  const { diagnostics, notice } = checked;
  const say = (text: string) => context.publish(record.request, "stream", { name: "stderr", text });
  if (notice !== undefined) say(`${notice}\n`);
  if (diagnostics.length === 0) return null;
  if (typeLevel === "warn") {
    say(`${renderTypeErrors(diagnostics, record, context.cells, "warning").join("\n")}\n`);
    return null;
  }
  return {
    ename: ENAME,
    evalue: summarise(diagnostics, record),
    traceback: renderTypeErrors(diagnostics, record, context.cells),
  };
}
