/** Comparisons of values that may be recorded: an ordinary boolean, and a guard on the tape that says how it came out. */
import { type Comparison, comparisons } from "../tape/guards.js";
import { TapeNumber } from "../tape/tape.js";
import { innermostOf } from "./active.js";
import { primalOf, Recorded, type Scalar } from "./recorded.js";

/** Note on every tape below a value which way a comparison went. */
function note(kind: Comparison, a: Scalar, b: Scalar, outcome: boolean, site: number): void {
  for (const value of a === b ? [a] : [a, b]) {
    if (!(value instanceof Recorded)) continue;
    if (value instanceof TapeNumber) {
      const { tape } = value;
      const idOf = (x: Scalar) => (x instanceof TapeNumber && x.tape === tape ? x.id : -1);
      // Noted by the first of two operands on the same tape.
      if (value === a || idOf(a) < 0)
        tape.pushGuard({
          kind,
          left: idOf(a),
          right: idOf(b),
          a: primalOf(a),
          b: primalOf(b),
          outcome,
          position: tape.length,
          site,
        });
    }
    if (value.primal instanceof Recorded)
      note(kind, value === a ? value.primal : a, value === b ? value.primal : b, outcome, site);
  }
}

/** @returns what the comparison gives for the primal values */
export function compare(kind: Comparison, a: Scalar, b: Scalar, site = -1): boolean {
  if (typeof a === "number" && typeof b === "number") return comparisons[kind](a, b);
  innermostOf([a, b]);
  const outcome = comparisons[kind](primalOf(a), primalOf(b));
  note(kind, a, b, outcome, site);
  return outcome;
}

export const lt = (a: Scalar, b: Scalar, site = -1): boolean => compare("lt", a, b, site);
export const le = (a: Scalar, b: Scalar, site = -1): boolean => compare("le", a, b, site);
export const gt = (a: Scalar, b: Scalar, site = -1): boolean => compare("gt", a, b, site);
export const ge = (a: Scalar, b: Scalar, site = -1): boolean => compare("ge", a, b, site);
export const eq = (a: Scalar, b: Scalar, site = -1): boolean => compare("eq", a, b, site);
export const ne = (a: Scalar, b: Scalar, site = -1): boolean => compare("ne", a, b, site);
