/** The MIME renderer: JupyterLab and Notebook 7 show an attention trace with the attention view. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { ATTENTION_MIME } from "@cotangent/views";
import { AttentionRenderer } from "./renderer.js";

/**
 * Later major versions of the type: a notebook from the future gets a sentence. Without a renderer its
 * output would fall back to the picture, and nothing would say that there is more to see.
 */
const FUTURE_MIMES = Array.from({ length: 8 }, (_, i) => ATTENTION_MIME.replace(".v1+", `.v${i + 2}+`));

const extension: IRenderMime.IExtension = {
  id: "@cotangent/labextension:attention",
  description: "Shows fixed-point attention solves.",
  rendererFactory: {
    // Safe: the data are checked, and no text of theirs becomes markup; so untrusted notebooks show it too.
    safe: true,
    mimeTypes: [ATTENTION_MIME, ...FUTURE_MIMES],
    createRenderer: (options) => new AttentionRenderer(options),
  },
  rank: 0,
  dataType: "json",
};

export default extension;
