/** The script of the test page: the built views and the MIME renderer as one global, `cotangent`. */
export * as views from "@cotangent/views";
export { default as extension } from "@cotangent/labextension";
export { Widget } from "@lumino/widgets";
