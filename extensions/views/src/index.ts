/** Pictures of derivatives: each a plain function of an element, a trace and options. */
export { ATTENTION_MIME, RANKS_MIME, TAPE_MIME } from "cotangent/trace";
export type { AttentionView, AttentionViewOptions, AttentionViewState } from "./attention/options.js";
export type { Resolve, Resolved, SolveSettings } from "./attention/resolving.js";
export type { Wish } from "./attention/steering.js";
export { attentionView } from "./attention/view.js";
export { type Message, messageOf, messageView } from "./message.js";
export type { RanksView, RanksViewOptions, RanksViewState } from "./ranks/options.js";
export type { Plotly } from "./ranks/plotly.js";
export { ranksView } from "./ranks/view.js";
export {
  type AnyView,
  renderAttention,
  type Rendered,
  type RenderOptions,
  renderRanks,
  renderTape,
} from "./render.js";
export type { TapeView, TapeViewOptions, TapeViewState } from "./tape/options.js";
export { tapeView } from "./tape/paths.js";
