/** Forward mode: a number together with its tangent. */
import { Recorded, type Scalar, type Trace } from "./recorded.js";

export class DualTrace implements Trace {
  readonly level: number;

  constructor(level: number) {
    this.level = level;
  }
}

export class DualNumber extends Recorded {
  readonly trace: DualTrace;
  readonly primal: Scalar;
  readonly tangent: Scalar;
  readonly site: number;

  constructor(trace: DualTrace, primal: Scalar, tangent: Scalar, site = -1) {
    super();
    this.trace = trace;
    this.primal = primal;
    this.tangent = tangent;
    this.site = site;
  }
}
