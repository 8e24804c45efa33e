/** What the kernel says of itself. */
import { type Json, PROTOCOL_VERSION } from "./message.js";

export const KERNEL_VERSION = "0.1.0";

/** @param typescript the version of the language; null where nothing knows types */
export const kernelInfo = (typescript: string | null): Json => ({
  status: "ok",
  protocol_version: PROTOCOL_VERSION,
  implementation: "cotangent",
  implementation_version: KERNEL_VERSION,
  language_info: {
    name: "typescript",
    version: typescript ?? "",
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: { name: "javascript", typescript: true },
    nbconvert_exporter: "script",
  },
  banner: `Cotangent ${KERNEL_VERSION}: TypeScript on Node ${process.versions.node}`,
  help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
  debugger: false,
  supported_features: ["kernel subshells"],
});
