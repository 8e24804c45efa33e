/** Pictures of derivatives: each a plain function of an element, a trace and options. */
export { ATTENTION_MIME, RANKS_MIME } from "cotangent/trace";
export type { AttentionView, AttentionViewOptions, AttentionViewState } from "./attention/options.js";
export { attentionView } from "./attention/view.js";
export { type Message, messageOf, messageView } from "./message.js";
export type { RanksView, RanksViewOptions, RanksViewState } from "./ranks/options.js";
export type { Plotly } from "./ranks/plotly.js";
export { ranksView } from "./ranks/view.js";
export { type AnyView, renderAttention, type Rendered, type RenderOptions, renderRanks } from "./render.js";
