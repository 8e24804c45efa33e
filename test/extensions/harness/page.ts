/** The script of the test page: the built views as one global, `cotangent`. */
export * as views from "@cotangent/views";
