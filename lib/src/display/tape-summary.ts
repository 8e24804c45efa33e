/** A tape in words: for terminals, and for whoever cannot see the picture. */
import { DEFAULT_THETA, defaultFraction, findPoison, formulaOf, importanceOf, kinkWords, productWords, shortNumber, TapeFlag, type TapePathKink, type TapeTrace } from "../trace/index.js"; // prettier-ignore
import { elide } from "./text.js";

const MOST_INPUTS = 12;
const MOST_PRODUCTS = 12;
const MOST_KINKS = 5;
const LONGEST_TITLE = 60;

export const count = (n: number, noun: string): string =>
  `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

/** " (Cell 1, line 3)", or "". */
export function placeOf({ nodes, sources }: TapeTrace, node: number): string {
  const source = node < 0 ? undefined : sources[nodes.span[5 * node]!];
  return source ? ` (${source.name}, line ${nodes.span[5 * node + 3]})` : "";
}

/** "Tape of f = 2.5"; a result that is no number is not told. */
export function tapeTitle({ title, outputs, seed, nodes }: TapeTrace): string {
  const node = outputs[seed]?.node;
  const isNumber = node !== undefined && (nodes.flags[node]! & TapeFlag.tensor) === 0;
  return `Tape of ${elide(title, LONGEST_TITLE)}${isNumber ? ` = ${shortNumber(nodes.value[node]!)}` : ""}`;
}

/** A line for each weight's gradient that is a product of two factors. */
function productRows(trace: TapeTrace): [string, string][] {
  const { products, inputs } = trace;
  const pathOf = (node: number) => inputs.find((port) => port.node === node)?.path ?? "?";
  const rows = products
    .slice(0, MOST_PRODUCTS)
    .map((product): [string, string] => [
      `∂/∂${elide(pathOf(product.weight), 32)}`,
      `${formulaOf(product)}${placeOf(trace, product.node)}: ${productWords(product, DEFAULT_THETA)}`,
    ]);
  const more = products.length - rows.length;
  return more > 0 ? [...rows, ["…", `${count(more, "more product")} with weights`]] : rows;
}

/** A line for each kink that paths come near to, the nearest first. */
function kinkRows(trace: TapeTrace): [string, string][] {
  const { paths } = trace;
  if (paths === null) return [];
  const at = defaultFraction(paths);
  const share = ({ within, paths: of }: TapePathKink) => (within[at] ?? 0) / of;
  const near = paths.kinks.filter((kink) => share(kink) > 0).sort((a, b) => share(b) - share(a));
  const rows = near
    .slice(0, MOST_KINKS)
    .map((kink): [string, string] => [
      kink.isBranch ? "branch" : "kink",
      `${elide(kink.what, 32)}${placeOf(trace, kink.node)}: ${kinkWords(kink, paths, at)}`,
    ]);
  const more = near.length - rows.length;
  return more > 0 ? [...rows, ["…", `${more} more that paths come near to`]] : rows;
}

/** Aligned lines: the value, the derivative by each input, the largest |v·v̄| first, and what there is to say. */
export function tapeSummary(trace: TapeTrace, warnings: readonly string[] = []): string {
  const { nodes, inputs, findings, omissions } = trace;
  const importance = importanceOf(trace);
  const shown = inputs
    .filter(({ node }) => !(nodes.flags[node]! & TapeFlag.tensor))
    .sort((a, b) => importance[b.node]! - importance[a.node]!);
  const rows: [string, string][] = shown
    .slice(0, MOST_INPUTS)
    .map(({ node, path }) => [
      `∂/∂${elide(path, 32)}`,
      `${shortNumber(nodes.adjoint[node]!)} at ${shortNumber(nodes.value[node]!)}`,
    ]);
  if (shown.length > MOST_INPUTS) rows.push(["…", `${shown.length - MOST_INPUTS} more inputs`]);
  rows.push(...productRows(trace), ...kinkRows(trace));
  const near = nodes.flags.filter((flags) => flags & TapeFlag.nearKink).length;
  if (near > 0) rows.push(["warning", `${count(near, "operation")} within rounding of a kink: the derivative is that of one side`]); // prettier-ignore
  const poison = findPoison(trace);
  if (poison)
    rows.push(["warning", `${poison.what}${placeOf(trace, poison.node)} Remedy: ${poison.remedy}.`]);
  for (const { node, what, remedy } of findings) rows.push(["warning", `${what}${placeOf(trace, node)} ${remedy}`.trim()]); // prettier-ignore
  for (const { what, kept, of, reason } of omissions) rows.push(["left out", `${kept} of ${of} ${what}: ${reason}`]); // prettier-ignore
  for (const warning of warnings) rows.push(["warning", warning]);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return [
    `${tapeTitle(trace)}: ${count(nodes.id.length, "node")}, ${count(inputs.length, "input")}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
  ].join("\n");
}
