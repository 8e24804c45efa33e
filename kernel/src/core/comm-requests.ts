/** comm_open, comm_msg, comm_close and comm_info from clients. */
import { closeOf, commContent } from "./comm-messages.js";
import type { Json, Message } from "./message.js";
import type { CommEvent } from "./ports.js";
import type { RequestContext, RequestHandler } from "./request-context.js";
import { STEERING_TARGET, wishOf } from "./steering.js";
import { renderTraceback } from "./traceback.js";

function eventOf(kind: CommEvent["kind"], { content, metadata, buffers }: Message): CommEvent | null {
  const { comm_id, target_name = "", data = {} } = content;
  if (typeof comm_id !== "string" || typeof target_name !== "string") return null;
  if (typeof data !== "object" || data === null) return null;
  return { kind, commId: comm_id, target: target_name, data: data as Json, metadata, buffers };
}

async function deliver(context: RequestContext, request: Message, event: CommEvent): Promise<void> {
  const record = context.cells.add(request, "", `${request.header.msg_type} handler`);
  const outcome = await context.evaluator.deliver(record.id, event);
  if (outcome.status !== "error") return;
  const text = `${renderTraceback(outcome.error, context.cells).join("\n")}\n`;
  context.publish(request, "stream", { name: "stderr", text });
}

/** The kernel's own part of a comm that steers: the running code is not asked. The answer says what was done. */
function steer({ comms, evaluator, publish }: RequestContext, request: Message, event: CommEvent): null {
  comms.note(event);
  const wish = wishOf(event.data);
  if (wish === null || event.kind === "close") return null;
  evaluator.steer(wish);
  publish(request, "comm_msg", commContent({ ...event, kind: "msg", data: { wish } }));
  return null;
}

const commOpen: RequestHandler = async (context, request) => {
  const event = eventOf("open", request);
  if (event === null) return null;
  if (event.target === STEERING_TARGET) return steer(context, request, event);
  if (!context.comms.hasTarget(event.target)) {
    context.publish(request, "comm_close", commContent(closeOf(event.commId)));
    return null;
  }
  context.comms.note(event);
  await deliver(context, request, event);
  return null;
};

/** A message or a close for a comm that is open; for any other there is nobody to tell. */
const onOpenComm =
  (kind: "msg" | "close"): RequestHandler =>
  async (context, request) => {
    const event = eventOf(kind, request);
    if (event === null || !context.comms.isOpen(event.commId)) return null;
    if (context.comms.targetOf(event.commId) === STEERING_TARGET) return steer(context, request, event);
    context.comms.note(event);
    await deliver(context, request, event);
    return null;
  };

export const commRequests = {
  comm_open: commOpen,
  comm_msg: onOpenComm("msg"),
  comm_close: onOpenComm("close"),
  comm_info_request: ({ comms }, request) => {
    const target = request.content["target_name"];
    return { status: "ok", comms: comms.info(typeof target === "string" ? target : undefined) };
  },
} satisfies Record<string, RequestHandler>;
