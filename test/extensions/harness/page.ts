/** The script of the test page: the built views and the MIME renderer as one global, `cotangent`. */
import extensions from "@cotangent/labextension";

export * as views from "@cotangent/views";
export { Widget } from "@lumino/widgets";
/** Of the two renderers, the one of attention traces. */
export const [extension] = extensions;
