/** An operation on recorded numbers: handed to the innermost transform that records one of them. */
import { evaluate } from "../rules/generated/evaluate.js";
import { recorders } from "../rules/generated/record.js";
import { derivatives } from "../rules/generated/derivatives.js";
import * as o from "../rules/generated/record.js";
import { Tape, TapeNumber } from "../tape/tape.js";
import { active } from "./active.js";
import { DualNumber, type DualTrace } from "./dual.js";
import { EscapedValueError, Recorded, type Scalar } from "./recorded.js";

export function process(op: number, a: Scalar, b: Scalar | undefined, site: number): Scalar {
  const trace = innermost(a, b);
  return trace instanceof Tape ? onTape(trace, op, a, b, site) : dual(trace as DualTrace, op, a, b, site);
}

/** The trace of the highest level among some values'. */
function innermost(a: Scalar, b: Scalar | undefined): unknown {
  const of = (value: Scalar | undefined) => (value instanceof Recorded ? value.trace : null);
  const [first, second] = [of(a), of(b)];
  const trace = second === null || (first !== null && first.level >= second.level) ? first! : second;
  if (!active.traces.includes(trace)) throw ended((first === trace ? a : b) as Recorded);
  return trace;
}

const ended = (value: Recorded) =>
  new EscapedValueError(
    `A recorded value (${value.toString()}) was used after the transform that recorded it had ended. ` +
      "Return it from the function, or keep stopGradient(value).",
  );

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
  if (first !== null) parts.push(o.mul(da!, first.tangent));
  if (second !== null) parts.push(o.mul(db!, second.tangent));
  return new DualNumber(trace, value, parts.length === 1 ? parts[0]! : o.add(parts[0]!, parts[1]!), site);
}
