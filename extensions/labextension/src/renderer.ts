/** One output of a notebook: it owns a view and replaces it when the output's data change. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { renderAttention, type Rendered } from "@cotangent/views";
import { Widget } from "@lumino/widgets";

export class AttentionRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #mimeType: string;
  #rendered: Rendered | undefined;

  constructor(options: IRenderMime.IRendererOptions) {
    super();
    this.#mimeType = options.mimeType;
    this.addClass("cot-output");
  }

  /** Called again when the output is updated: the reader stays where they were, or follows the end. */
  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const data = model.data[this.#mimeType];
    const text = model.data["text/plain"];
    const state = this.#rendered?.view?.state;
    this.#rendered?.destroy();
    this.#rendered = renderAttention(this.node, data, {
      mimeType: this.#mimeType,
      ...(typeof text === "string" && { fallback: text }),
      state,
    });
    return Promise.resolve();
  }

  override dispose(): void {
    this.#rendered?.destroy();
    this.#rendered = undefined;
    super.dispose();
  }
}
