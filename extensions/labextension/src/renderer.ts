/** One output of a notebook: it owns a view and replaces it when the output's data change. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { Rendered, RenderOptions, Resolve, Wish } from "@cotangent/views";
import { Widget } from "@lumino/widgets";
import { canSteer, steer } from "./steering/of-output.js";
import { resolverOf } from "./steering/resolve.js";

/** What every view is drawn with here. */
type Options = RenderOptions<{ state?: never; steer?: (wish: Wish) => void; resolve?: Resolve }>;

/** Show a trace of one kind in an element, or a message. */
export type Render = (host: HTMLElement, data: unknown, options: Options) => Rendered;

export class TraceRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #mimeType: string;
  readonly #render: Render;
  #rendered: Rendered | undefined;

  constructor(render: Render, options: IRenderMime.IRendererOptions) {
    super();
    this.#mimeType = options.mimeType;
    this.#render = render;
    this.addClass("cot-output");
  }

  /** Called again when the output is updated: the reader stays where they were, or follows the end. */
  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const data = model.data[this.#mimeType];
    const text = model.data["text/plain"];
    if (this.#rendered?.update(data, { mimeType: this.#mimeType })) return Promise.resolve();
    const solve = (data as { readonly resolve?: unknown } | undefined)?.resolve;
    const state = this.#rendered?.view?.state;
    this.#rendered?.destroy();
    this.#rendered = this.#render(this.node, data, {
      mimeType: this.#mimeType,
      ...(typeof text === "string" && { fallback: text }),
      // The kernel is looked for when a button is pressed: now the output may not yet be in its notebook.
      ...(canSteer() && { steer: (wish: Wish) => steer(this.node, wish) }),
      ...(canSteer() && typeof solve === "string" && { resolve: resolverOf(this.node, solve) }),
      // Each kind of view is given what a view of its kind has said.
      ...(state !== undefined && { state: state as never }),
    });
    return Promise.resolve();
  }

  override dispose(): void {
    this.#rendered?.destroy();
    this.#rendered = undefined;
    super.dispose();
  }
}
