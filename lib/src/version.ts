/** The library's own name and version, as traces state them. */
export const PRODUCER = "cotangent 0.1.0";
