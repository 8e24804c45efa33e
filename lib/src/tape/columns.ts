/** The columns of a tape: one row per node, in the order of recording. */

export interface TapeColumns {
  /** What was done: an opcode of a scalar operation, or one of those in kinds.ts. */
  readonly ops: Uint8Array;
  /** The first and the second input: the number of a node, or −1 for one that is passive or absent. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** The value of the input that is passive, where one of two is. */
  readonly passive: Float64Array;
  /** The primal value. */
  readonly values: Float64Array;
  /** Where in the source the expression is that made the node; −1 where that is not known. See runtime/sources.ts. */
  readonly sites: Int32Array;
  /** Inputs of the fused statements, and the partials with respect to them; `left` and `right` of such a node say from where to where. */
  readonly args: Int32Array;
  readonly weights: Float64Array;
}
