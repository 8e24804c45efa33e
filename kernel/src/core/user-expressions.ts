/** user_expressions: what a client wants to know when a cell is done, each expression answered for itself. */
import type { CellRecord } from "./cells.js";
import type { Failure } from "./execute.js";
import type { Json, Message } from "./message.js";
import type { MimeBundle } from "./ports.js";
import type { RequestContext } from "./request-context.js";

/** Runs the source of a record; its value, or why there is none. */
type Run = (record: CellRecord) => Promise<{ readonly result: MimeBundle | null } | Failure>;

const NO_STRING = {
  status: "error",
  ename: "TypeError",
  evalue: "A user expression is a string.",
  traceback: [],
};
const UNDEFINED: MimeBundle = { data: { "text/plain": "undefined" }, metadata: {} };

export async function userExpressions(context: RequestContext, request: Message, run: Run): Promise<Json> {
  const wanted = request.content["user_expressions"];
  if (typeof wanted !== "object" || wanted === null) return {};
  const answers: [string, Json][] = [];
  for (const [name, expression] of Object.entries(wanted)) {
    if (typeof expression !== "string") {
      answers.push([name, NO_STRING]);
      continue;
    }
    const outcome = await run(context.cells.add(request, expression, "User expression"));
    answers.push([
      name,
      "ename" in outcome
        ? { status: "error", ...outcome }
        : { status: "ok", ...(outcome.result ?? UNDEFINED) },
    ]);
  }
  return Object.fromEntries(answers);
}
