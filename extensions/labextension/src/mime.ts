/** The MIME renderers: what JupyterLab and Notebook 7 show with a view of ours, and Plotly figures. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import {
  ATTENTION_MIME,
  RANKS_MIME,
  renderAttention,
  renderRanks,
  renderTape,
  TAPE_MIME,
} from "@cotangent/views";
import { loadPlotly } from "./plotly/load.js";
import { PlotlyRenderer } from "./plotly/renderer.js";
import { type Render, TraceRenderer } from "./renderer.js";

/**
 * Later major versions of the type: a notebook from the future gets a sentence. Without a renderer its
 * output would fall back to the picture, and nothing would say that there is more to see.
 */
const futureOf = (mime: string): string[] =>
  Array.from({ length: 8 }, (_, i) => mime.replace(".v1+", `.v${i + 2}+`));

interface Kind {
  readonly name: string;
  readonly mime: string;
  readonly description: string;
  readonly render: Render;
}

const kinds: readonly Kind[] = [
  {
    name: "attention",
    mime: ATTENTION_MIME,
    description: "Shows fixed-point attention solves.",
    render: renderAttention,
  },
  {
    name: "ranks",
    mime: RANKS_MIME,
    description: "Shows what distributed sites exchanged while they trained.",
    render: (host, data, options) => renderRanks(host, data, { ...options, plotly: loadPlotly }),
  },
  {
    name: "tape",
    mime: TAPE_MIME,
    description: "Shows adjoint tapes.",
    render: renderTape,
  },
];

const ofTrace = ({ name, mime, description, render }: Kind): IRenderMime.IExtension => ({
  id: `@cotangent/labextension:${name}`,
  description,
  rendererFactory: {
    // Safe: the data are checked, and no text of theirs becomes markup; so untrusted notebooks show it too.
    safe: true,
    mimeTypes: [mime, ...futureOf(mime)],
    createRenderer: (options) => new TraceRenderer(render, options),
  },
  rank: 0,
  dataType: "json",
});

const plotly: IRenderMime.IExtension = {
  id: "@cotangent/labextension:plotly",
  description: "Shows Plotly figures.",
  rendererFactory: {
    // Safe: a figure is data, and plotly.js takes no markup from it but its own few tags.
    safe: true,
    mimeTypes: ["application/vnd.plotly.v1+json"],
    createRenderer: (options) => new PlotlyRenderer(options),
  },
  // Another renderer of Plotly's own, where it is installed, goes first.
  rank: 50,
  dataType: "json",
};

export default [...kinds.map(ofTrace), plotly];
