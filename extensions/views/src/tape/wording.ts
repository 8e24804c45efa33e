/** What the tape view says: titles, counters, notes. */
import { shortNumber, TapeFlag } from "cotangent/trace";
import { count } from "../common/format.js";
import { visibleToken } from "../common/labels.js";
import type { TapeModel } from "./model.js";

export type Level = "good" | "warning" | "bad";

export interface Headline {
  readonly level: Level;
  readonly title: string;
  readonly details: readonly string[];
}

/** "Cell 1, line 3", or "". */
export function placeOf({ trace }: TapeModel, node: number): string {
  const source = node < 0 ? undefined : trace.sources[trace.nodes.span[5 * node]!];
  return source ? `${visibleToken(source.name)}, line ${trace.nodes.span[5 * node + 3]}` : "";
}

export function headline(model: TapeModel): Headline {
  const { trace, poison } = model;
  const { nodes, outputs, seed, inputs, title, findings } = trace;
  const output = outputs[seed];
  const value = output && !model.isObject(output.node) ? ` = ${shortNumber(nodes.value[output.node]!)}` : "";
  const near = nodes.flags.some((flags) => (flags & TapeFlag.nearKink) !== 0);
  return {
    level: poison ? "bad" : findings.length > 0 || near ? "warning" : "good",
    title: `${visibleToken(title)}${value}`,
    details: [
      count(model.N, "node"),
      count(inputs.length, "input"),
      output
        ? `adjoints of ${visibleToken(output.path)}`
        : "no adjoints: the result does not depend on the inputs",
    ],
  };
}

export interface Banner {
  readonly level: Exclude<Level, "good">;
  /** Where it leads; −1 for nowhere. */
  readonly node: number;
  readonly what: string;
  readonly remedy: string;
}

/** At most this many of a kind; the rest are counted. */
const MOST = 3;

export function bannersOf(model: TapeModel): readonly Banner[] {
  const { trace, poison } = model;
  const banners: Banner[] = [];
  if (poison) banners.push({ level: "bad", node: poison.node, what: poison.what, remedy: `Instead: ${poison.remedy}.` }); // prettier-ignore
  for (const finding of trace.findings.slice(0, MOST)) banners.push({ level: "warning", ...finding });
  if (trace.findings.length > MOST)
    banners.push({ level: "warning", node: -1, what: `And ${trace.findings.length - MOST} more of this kind.`, remedy: "" }); // prettier-ignore
  const near = trace.nodes.flags.findIndex((flags) => (flags & TapeFlag.nearKink) !== 0);
  if (near >= 0)
    banners.push({
      level: "warning",
      node: near,
      what: `${model.nameOf(near)} is within rounding of its kink or jump: its derivative is that of one side.`,
      remedy: "Look at both sides, or smooth it.",
    });
  return banners;
}

/** "value 12 of 40", "adjoint 12 of 40". */
export const counterOf = ({ N, isBackward }: TapeModel, step: number): string =>
  N === 0
    ? "an empty tape"
    : isBackward(step)
      ? `adjoint ${step - N + 1} of ${N}`
      : `value ${step + 1} of ${N}`;

export function notesOf({ trace, steps }: TapeModel): readonly string[] {
  return [
    ...trace.omissions.map(({ what, kept, of, reason }) => `${kept.toLocaleString("en")} of ${of.toLocaleString("en")} ${visibleToken(what)} kept: ${visibleToken(reason)}.`),
    ...(steps === 0 ? ["Nothing was recorded: no operation depends on the inputs."] : []),
  ]; // prettier-ignore
}
