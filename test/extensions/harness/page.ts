/** The script of the test page: the built views and the MIME renderer as one global, `cotangent`. */
import extensions from "@cotangent/labextension";

export * as views from "@cotangent/views";
export { Widget } from "@lumino/widgets";
/** Of the renderers, those of attention traces and of ranks traces. */
export const [extension, ranksExtension] = extensions;
