/** What the kernel answers to each type of request: one row a type. */
import { commRequests } from "./comm-requests.js";
import { executeRequest } from "./execute.js";
import { historyRequest } from "./history-request.js";
import { kernelInfo } from "./kernel-info.js";
import { languageRequests } from "./language-requests.js";
import { readMagics } from "./magics.js";
import type { RequestHandler } from "./request-context.js";
import { subshellRequests } from "./subshell-requests.js";

const rows = {
  execute_request: executeRequest,
  kernel_info_request: ({ language }) => kernelInfo(language?.version ?? null),
  ...commRequests,
  ...languageRequests,
  ...subshellRequests,
  // Deprecated, because a client that can ask knows the answer; but a part of the protocol.
  connect_request: ({ ports }) => ({
    status: "ok",
    ...Object.fromEntries(Object.entries(ports).map(([socket, port]) => [`${socket}_port`, port])),
  }),
  interrupt_request: async ({ interrupt }) => {
    await interrupt();
    return { status: "ok" };
  },
  shutdown_request: ({ shutdown }, request) => {
    // The reply is queued when this handler has returned; the shutdown waits for the queue to drain.
    setTimeout(shutdown, 0);
    return { status: "ok", restart: request.content["restart"] === true };
  },
  is_complete_request: async ({ isComplete }, { content }) => ({
    ...(await isComplete(readMagics(typeof content["code"] === "string" ? content["code"] : "").source)),
  }),
  history_request: historyRequest,
} satisfies Record<string, RequestHandler>;

/** What runs user code takes its turn, whatever channel it comes by. */
export const shellOnly: ReadonlySet<string> = new Set([
  "execute_request",
  "comm_open",
  "comm_msg",
  "comm_close",
]);

/** Handlers by message type; a Map, so that "constructor" is not a type of request. */
export const requests: ReadonlyMap<string, RequestHandler> = new Map(Object.entries(rows));
