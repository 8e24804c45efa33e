/** create_subshell_request, delete_subshell_request, list_subshell_request: asked on control. */
import type { RequestHandler } from "./request-context.js";

export const subshellRequests = {
  create_subshell_request: ({ shells }) => ({ status: "ok", subshell_id: shells.create() }),
  delete_subshell_request: ({ shells }, { content }) => {
    const id = content["subshell_id"];
    if (typeof id === "string" && shells.delete(id)) return { status: "ok" };
    return {
      status: "error",
      ename: "SubshellError",
      evalue: `There is no subshell "${String(id)}".`,
      traceback: [],
    };
  },
  list_subshell_request: ({ shells }) => ({ status: "ok", subshell_id: shells.list() }),
} satisfies Record<string, RequestHandler>;
