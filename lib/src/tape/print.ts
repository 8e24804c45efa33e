/** A tape as text: one line a node, and the guards between them. For people, and for golden tests. */
import { nodeAt } from "./node.js";
import type { Guard, Tape } from "./tape.js";

const short = (value: number): string => String(Number(value.toPrecision(6)));
const SIGNS: Readonly<Record<string, string>> = { lt: "<", le: "≤", gt: ">", ge: "≥", eq: "=", ne: "≠" };

/** "%3 > 0" */
export function guardText({ kind, left, right, a, b }: Guard): string {
  const [x, y] = [left < 0 ? short(a) : `%${left}`, right < 0 ? short(b) : `%${right}`];
  return SIGNS[kind] ? `${x} ${SIGNS[kind]} ${y}` : `${kind} ${x}`;
}

const guardLine = (guard: Guard): string => `    guard ${guardText(guard)}: ${guard.outcome}`;

/** "%3 = mul %0 2        6   a * 2 (Cell 1, line 4)" */
export function printTape(tape: Tape, from = 0, to = tape.length): string {
  const lines: string[] = [];
  let nextGuard = tape.guards.findIndex(({ position }) => position > from);
  for (let id = from; id < to; id++) {
    const { op, operands, value, name, span } = nodeAt(tape, id);
    const what = [op, ...(name === undefined ? [] : [name]), ...operands.map((x) => (typeof x === "number" ? short(x) : x))].join(" "); // prettier-ignore
    const where =
      span === null ? "" : `  ${span.text.replace(/\s+/g, " ")} (${span.name}, line ${span.line})`;
    lines.push(`%${id} = ${what.padEnd(24)} ${short(value)}${where}`.trimEnd());
    for (; nextGuard >= 0 && tape.guards[nextGuard]?.position === id + 1; nextGuard++)
      lines.push(guardLine(tape.guards[nextGuard]!));
  }
  return lines.join("\n");
}

/** For Graphviz: values on the nodes. `dot -Tsvg` draws it. */
export function tapeToDot(tape: Tape): string {
  const quote = (text: string) => `"${text.replace(/["\\]/g, "\\$&").replace(/\n/g, " ")}"`;
  const lines: string[] = [];
  for (let id = 0; id < tape.length; id++) {
    const { op, operands, value, name, span } = nodeAt(tape, id);
    const label = `${name ?? span?.text ?? op}\\n${short(value)}`;
    lines.push(
      `  n${id} [label=${quote(label).replace(/\\\\n/, "\\n")}${op === "input" ? ", shape=box" : ""}];`,
    );
    for (const operand of operands)
      if (typeof operand === "string" && operand.startsWith("%"))
        lines.push(`  n${operand.slice(1)} -> n${id};`);
  }
  return `digraph tape {\n  node [fontname="monospace"];\n${lines.join("\n")}\n}\n`;
}
