/** The pass behind "use ad". */
export { composeMappings } from "./compose.js";
export { instrument, type Instrumented, type InstrumentOptions } from "./instrument.js";
export type { Position } from "./positions.js";
export type { Original } from "./prelude.js";
export { instrumentWithMap, mapComment, type SourceMap } from "./with-map.js";
