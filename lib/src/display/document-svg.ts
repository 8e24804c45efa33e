/** A still picture as a document: white paper, a font that every machine has here, a title and a description for who cannot see it. */
import { ink } from "./colours.js";
import { element, textElement } from "./svg.js";

const FONTS = "DejaVu Sans, Verdana, sans-serif";
/** Every picture is this wide, so that they stand in line in a notebook. */
export const PAGE = { width: 880, margin: 24 } as const;

/** What a picture is made of, beside what is drawn. */
export interface Document {
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** Gradients and patterns. */
  readonly definitions?: readonly string[];
}

/** Dark text on its own white paper, so that it reads in light and dark notebooks. */
export function documentSvg(
  { height, title, description, definitions = [] }: Document,
  ...parts: readonly string[]
): string {
  const whole = Math.ceil(height);
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: PAGE.width,
      height: whole,
      viewBox: `0 0 ${PAGE.width} ${whole}`,
      role: "img",
      "aria-labelledby": "title description",
      "font-family": FONTS,
    },
    textOf("title", title),
    textOf("desc", description),
    ...(definitions.length > 0 ? [element("defs", {}, ...definitions)] : []),
    element("rect", { width: "100%", height: "100%", fill: ink.paper }),
    ...parts,
  );
}

const textOf = (name: "title" | "desc", text: string): string =>
  textElement(text, { id: name === "title" ? "title" : "description" }).replace(/^<text|text>$/g, (tag) =>
    tag.replace("text", name),
  );

/** The first two lines of a picture. */
export const headingSvg = (title: string, subtitle: string): string =>
  textElement(title, { x: PAGE.margin, y: 33, "font-size": 15.5, "font-weight": "bold", fill: ink.text }) +
  textElement(subtitle, { x: PAGE.margin, y: 54, "font-size": 11.5, fill: ink.quiet });
/** Where what comes below them begins. */
export const HEADING_BOTTOM = 68;

const NOTE = { size: 10.5, line: 15 };

/** Lines of notes below each other. @returns the SVG, and how high it is */
export function notesSvg(
  lines: readonly string[],
  colour: string = ink.quiet,
): { readonly svg: string; readonly height: number } {
  const svg = lines
    .map((line, i) => textElement(line, { y: 11 + i * NOTE.line, "font-size": NOTE.size, fill: colour }))
    .join("");
  return { svg, height: lines.length * NOTE.line };
}
