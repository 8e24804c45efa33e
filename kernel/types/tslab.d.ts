/** The module "tslab" as this kernel brings it; see kernel/src/node/host/rich/tslab.ts. */
declare module "tslab" {
  type Tslab = import("../dist/node/host/rich/tslab.js").Tslab;
  /** Show HTML, Markdown, an image, … in the output of the cell. */
  export const display: Tslab["display"];
  /** A place in the output that can be changed: what is shown there second replaces what was shown first. */
  export const newDisplay: Tslab["newDisplay"];
  export const versions: Tslab["versions"];
}
