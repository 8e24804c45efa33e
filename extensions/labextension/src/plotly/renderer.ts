/** One Plotly figure in a notebook's output: drawn by plotly.js, which is loaded when the first one appears. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";

import { type PageColours, quietConfig, readFigure, themedLayout } from "./figure.js";
import { loadPlotly, type Plotly } from "./load.js";

/** What JupyterLab changes on the page when another theme is chosen. */
const THEME_ATTRIBUTES = ["data-jp-theme-name", "data-jp-theme-light"];

function coloursOf(node: HTMLElement): PageColours {
  const style = getComputedStyle(node);
  const variable = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  return {
    text: variable("--jp-ui-font-color1", style.color),
    faint: variable("--jp-border-color2", "rgba(128,128,128,0.35)"),
    font: variable("--jp-ui-font-family", "sans-serif"),
  };
}

export class PlotlyRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #mimeType: string;
  readonly #plot = document.createElement("div");
  readonly #resizes = new ResizeObserver(() => this.#fit());
  readonly #themes = new MutationObserver(() => void this.#draw());
  #plotly: Plotly | undefined;
  #value: unknown;
  #drawn = false;

  constructor(options: IRenderMime.IRendererOptions) {
    super();
    this.#mimeType = options.mimeType;
    this.addClass("cot-output");
    this.addClass("cot-plotly");
    this.#themes.observe(document.body, { attributeFilter: THEME_ATTRIBUTES });
  }

  /** Called again when the output is updated: Plotly changes what differs. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.#value = model.data[this.#mimeType];
    await this.#draw();
  }

  override dispose(): void {
    this.#resizes.disconnect();
    this.#themes.disconnect();
    if (this.#drawn) this.#plotly?.purge(this.#plot);
    super.dispose();
  }

  async #draw(): Promise<void> {
    const figure = readFigure(this.#value);
    if (typeof figure === "string") return this.#say(figure);
    try {
      this.#plotly ??= await loadPlotly();
      if (this.isDisposed) return;
      if (this.#plot.parentNode !== this.node) this.node.replaceChildren(this.#plot);
      // Plotly writes into what it is given, and the model belongs to the notebook.
      const { data, layout, config, frames } = structuredClone(figure);
      await this.#plotly.react(
        this.#plot,
        data,
        themedLayout(layout, coloursOf(this.node)),
        quietConfig(config),
      );
      if (frames.length > 0) await this.#plotly.addFrames(this.#plot, frames);
      this.#drawn = true;
      this.#resizes.observe(this.node);
    } catch (error) {
      this.#say(
        `This Plotly figure could not be drawn: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #fit(): void {
    // Hidden, in a tab that is not in front: there is no width to fit.
    if (this.#drawn && this.node.clientWidth > 0) this.#plotly?.Plots.resize(this.#plot);
  }

  #say(message: string): void {
    const line = document.createElement("p");
    line.className = "cot-message";
    line.textContent = message;
    this.node.replaceChildren(line);
  }
}
