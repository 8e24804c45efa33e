/** The pass behind "use ad". */
export { composeMappings } from "./compose.js";
export { instrument, type Instrumented, type InstrumentOptions } from "./instrument.js";
export { instrumentWithMap, mapComment, type SourceMap } from "./with-map.js";
