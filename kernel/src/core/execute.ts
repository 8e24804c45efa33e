/** execute_request: compile the cell and check its types, run it, publish what came of it. */
import type { CellRecord } from "./cells.js";
import { checkTypes } from "./check-types.js";
import { readMagics } from "./magics.js";
import type { Json, Message } from "./message.js";
import { obeyMagics } from "./obey-magics.js";
import type { MimeBundle, Outcome } from "./ports.js";
import type { RequestContext } from "./request-context.js";
import { codeFrame, renderTraceback } from "./traceback.js";
import { userExpressions } from "./user-expressions.js";

export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const INTERRUPTED: Failure = {
  ename: "Interrupted",
  evalue: "The cell was interrupted. Its variables are kept.",
  traceback: ["\u001b[31mInterrupted\u001b[0m: The cell was interrupted. Its variables are kept."],
};

export async function executeRequest(context: RequestContext, request: Message): Promise<Json> {
  const { content } = request;
  const source = typeof content["code"] === "string" ? content["code"] : "";
  const silent = content["silent"] === true;
  const counted = !silent && content["store_history"] !== false;
  if (counted) context.executionCount += 1;
  const execution_count = context.executionCount;
  const record = context.cells.add(request, source, counted ? `Cell ${execution_count}` : "Uncounted cell");
  if (!silent) context.publish(request, "execute_input", { code: source, execution_count });

  if (counted && source.trim() !== "") context.history.record(execution_count, source);

  context.running.add(record.id);
  const outcome = await compileAndRun(context, record).finally(() => context.running.delete(record.id));
  if (!("ename" in outcome)) {
    if (outcome.result !== null && !silent) {
      context.publish(request, "execute_result", { execution_count, ...outcome.result });
      context.history.setOutput(execution_count, String(outcome.result.data["text/plain"] ?? ""));
    }
    const user_expressions = await userExpressions(context, request, (expression) =>
      compileAndRun(context, expression, { unchecked: true }),
    );
    return { status: "ok", execution_count, user_expressions, payload: record.pages.map(pagePayload) };
  }
  if (!silent) context.publish(request, "error", { ...outcome });
  // A silent request is not the reader's: its failure must not cancel the cells that wait.
  if (!silent && content["stop_on_error"] !== false) await context.abortWaiting(request);
  return { status: "error", execution_count, ...outcome };
}

/** Payloads are deprecated in the protocol, but nothing else reaches a pager yet. */
const pagePayload = ({ data }: MimeBundle): Json => ({ source: "page", data, start: 0 });

async function compileAndRun(
  context: RequestContext,
  record: CellRecord,
  { unchecked = false } = {},
): Promise<Extract<Outcome, { status: "ok" }> | Failure> {
  if (record.source.trim() === "") return { status: "ok", result: null };
  const { interrupts } = context;
  const { source, magics } = readMagics(record.source);
  const say = (text: string) => context.publish(record.request, "stream", { name: "stdout", text });
  const unusable = obeyMagics(magics, { context, say });
  if (unusable !== null) return unusable;
  if (source.trim() === "") return { status: "ok", result: null };
  const [compiled, refusal] = await Promise.all([
    context.compile(source, record.id),
    unchecked ? null : checkTypes(context, record, source),
  ]);
  if (context.interrupts !== interrupts) return INTERRUPTED;
  if (!compiled.ok) {
    const { message, place } = compiled;
    const where = place ? ` (${record.label}, line ${place.line}, column ${place.column})` : "";
    return {
      ename: "SyntaxError",
      evalue: `${message}${where}`,
      traceback: [
        `\u001b[31mSyntaxError\u001b[0m: ${message}${where}`,
        ...(place ? [codeFrame(record.source, place)] : []),
      ],
    };
  }
  if (refusal !== null) return refusal;
  if (!unchecked) context.language?.accept({ id: record.id, source, module: compiled.module ?? null });
  const outcome = await context.evaluator.run({ ...compiled.cell, label: record.label });
  if (outcome.status === "ok") return outcome;
  if (outcome.status === "interrupted") return INTERRUPTED;
  const { error } = outcome;
  return { ename: error.name, evalue: error.message, traceback: renderTraceback(error, context.cells) };
}
