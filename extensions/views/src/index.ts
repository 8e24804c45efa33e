/** Pictures of derivatives: each a plain function of an element, a trace and options. */
export { ATTENTION_MIME, TAPE_MIME } from "cotangent/trace";
export type { AttentionView, AttentionViewOptions, AttentionViewState } from "./attention/options.js";
export type { Resolve, Resolved, SolveSettings } from "./attention/resolving.js";
export type { Wish } from "./attention/steering.js";
export { attentionView } from "./attention/view.js";
export { type Message, messageOf, messageView } from "./message.js";
export { type AnyView, renderAttention, type Rendered, type RenderOptions, renderTape } from "./render.js";
export type { TapeView, TapeViewOptions, TapeViewState } from "./tape/options.js";
export { tapeView } from "./tape/view.js";
