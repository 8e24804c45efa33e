/** An operation on recorded numbers: handed to the innermost transform that records one of them. */
import { evaluate } from "../rules/generated/evaluate.js";
import { derivatives } from "../rules/generated/derivatives.js";
import { add, mul, recorders } from "../rules/generated/record.js";
import { Tape, TapeNumber } from "../tape/tape.js";
import { innermostOf } from "./active.js";
import { DualNumber, type DualTrace } from "./dual.js";
import type { Scalar } from "./recorded.js";

export function process(op: number, a: Scalar, b: Scalar | undefined, site: number): Scalar {
  const trace = innermostOf([a, b]);
  return trace instanceof Tape ? onTape(trace, op, a, b, site) : dual(trace as DualTrace, op, a, b, site);
}

function onTape(tape: Tape, op: number, a: Scalar, b: Scalar | undefined, site: number): Scalar {
  const left = idOn(tape, a);
  const right = idOn(tape, b);
  const below = (value: Scalar | undefined, id: number) => (id < 0 ? value : (value as TapeNumber).primal);
  const [x, y] = [below(a, left), below(b, right)];
  if (typeof x === "number" && (y === undefined || typeof y === "number")) {
    const passive = left < 0 ? x : right < 0 && y !== undefined ? y : 0;
    return tape.push(op, left, right, passive, evaluate(op, x, y!), site);
  }
  const value = recorders[op]!(x!, y!, site);
  return tape.pushNested(left, right, { op, a: x!, b: y, value }, site);
}

const idOn = (tape: Tape, value: Scalar | undefined): number =>
  value instanceof TapeNumber && value.tape === tape ? value.id : -1;

function dual(trace: DualTrace, op: number, a: Scalar, b: Scalar | undefined, site: number): Scalar {
  const own = (value: Scalar | undefined) =>
    value instanceof DualNumber && value.trace === trace ? value : null;
  const [first, second] = [own(a), own(b)];
  const x = first?.primal ?? a;
  const y = second?.primal ?? b;
  const value = recorders[op]!(x, y!, site);
  const [da, db] = derivatives[op]!(x, y!, value);
  const parts: Scalar[] = [];
  if (first !== null) parts.push(mul(da!, first.tangent));
  if (second !== null) parts.push(mul(db!, second.tangent));
  return new DualNumber(trace, value, parts.length === 1 ? parts[0]! : add(parts[0]!, parts[1]!), site);
}
