/** The derivatives by the inputs in a still picture of a tape: bars of x · ∂y/∂x, which have the unit of y whatever the input's. */
import { importanceOf, shortNumber, TapeFlag, type TapeTrace } from "../trace/index.js";
import { categorical, ink } from "./colours.js";
import { element, textElement } from "./svg.js";
import { elide, textWidth } from "./text.js";

const LINE = 20;
const FONT = 10.5;
const MOST = 12;
const LONGEST = 24;

/** @returns the SVG and its height; "" and 0 where no input is a number */
export function sensitivitySvg(
  trace: TapeTrace,
  width: number,
): { readonly svg: string; readonly height: number } {
  const { inputs, nodes } = trace;
  const importance = importanceOf(trace);
  const all = inputs
    .filter(({ node }) => !(nodes.flags[node]! & TapeFlag.tensor))
    .sort((a, b) => importance[b.node]! - importance[a.node]!);
  if (all.length === 0) return { svg: "", height: 0 };
  const shown = all.slice(0, MOST).map(({ node, path }) => {
    const [value, adjoint] = [nodes.value[node]!, nodes.adjoint[node]!];
    return {
      name: elide(`∂/∂${path}`, LONGEST),
      text: `${shortNumber(adjoint)} at ${shortNumber(value)}`,
      effect: value * adjoint,
    };
  });
  const names = Math.max(...shown.map(({ name }) => textWidth(name, FONT)));
  const texts = Math.max(...shown.map(({ text }) => textWidth(text, FONT)));
  const room = Math.max(20, width - names - texts - 20);
  const most = Math.max(...shown.map(({ effect }) => (Number.isFinite(effect) ? Math.abs(effect) : 0))) || 1;
  const zero = names + 10 + room / 2;
  const label = { "font-size": FONT, fill: ink.text };
  const rows = shown.map(({ name, text, effect }, i) => {
    const y = i * LINE;
    const length = Number.isFinite(effect) ? (effect / most) * (room / 2) : 0;
    return (
      textElement(name, { x: names, y: y + 13, "text-anchor": "end", ...label }) +
      element("rect", {
        x: Math.min(zero, zero + length),
        y: y + 4,
        width: Math.abs(length),
        height: LINE - 8,
        fill: length < 0 ? categorical[1] : categorical[0],
      }) + // prettier-ignore
      textElement(text, { x: width, y: y + 13, "text-anchor": "end", ...label })
    );
  });
  const axis = element("line", { x1: zero, x2: zero, y2: rows.length * LINE, stroke: ink.frame });
  if (all.length > MOST)
    rows.push(textElement(`${all.length - MOST} more inputs`, { x: 0, y: rows.length * LINE + 13, "font-size": FONT, fill: ink.quiet })); // prettier-ignore
  return { svg: rows.join("") + axis, height: rows.length * LINE };
}
