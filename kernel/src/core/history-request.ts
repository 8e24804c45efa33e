/** history_request: what was typed before, by place in the past or by pattern. */
import type { FoundEntry, History } from "./history.js";
import type { Json } from "./message.js";
import type { RequestHandler } from "./request-context.js";

const DEFAULT_TAIL = 100;

const integer = (value: unknown): number | null =>
  typeof value === "number" && Number.isInteger(value) ? value : null;

/** One row a way to ask. */
const ways = new Map<unknown, (history: History, content: Json) => FoundEntry[]>([
  ["tail", (history, { n }) => history.tail(integer(n) ?? DEFAULT_TAIL)],
  [
    "range",
    (history, { session, start, stop }) =>
      history.range(integer(session) ?? 0, integer(start) ?? 0, integer(stop)),
  ],
  [
    "search",
    (history, { pattern, n, unique }) =>
      history.search(typeof pattern === "string" ? pattern : "*", integer(n), unique === true),
  ],
]);

export const historyRequest: RequestHandler = ({ history }, { content }) => {
  const found = ways.get(content["hist_access_type"])?.(history, content) ?? [];
  const withOutput = content["output"] === true;
  return {
    status: "ok",
    history: found.map(({ session, line, source, output }) => [
      session,
      line,
      withOutput ? [source, output] : source,
    ]),
  };
};
