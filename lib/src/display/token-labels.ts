/** Token labels along the sides of a matrix: as many as are legible, elided where long. */
import { ink } from "./colours.js";
import { element, group, textElement } from "./svg.js";
import { elide, textWidth } from "./text.js";

const LONGEST = 12;
const LARGEST_FONT = 11;
const SMALLEST_FONT = 8;
/** Distance from the matrix. */
const GAP = 6;

export interface TokenLabels {
  readonly shown: readonly { readonly text: string; readonly index: number }[];
  readonly font: number;
  /** Whether the labels of columns fit side by side without turning them. */
  readonly level: boolean;
  /** Room needed beside the rows, and below the columns. */
  readonly width: number;
  readonly height: number;
  /** 1 when every token has its label, otherwise every n-th has. */
  readonly every: number;
}

/** @param size of the matrix's side */
export function layOutLabels(tokens: readonly string[], size: number): TokenLabels {
  const pitch = size / tokens.length;
  const font = Math.min(LARGEST_FONT, Math.max(SMALLEST_FONT, pitch * 0.92));
  const every = Math.max(1, Math.ceil((font * 1.08) / pitch));
  const shown = tokens
    .map((token, index) => ({ text: elide(token.replace(/\s+/g, " "), LONGEST), index }))
    .filter(({ index }) => index % every === 0);
  const widest = Math.max(...shown.map(({ text }) => textWidth(text, font)));
  const level = every === 1 && widest <= pitch - 3;
  return { shown, font, level, every, width: widest + GAP, height: (level ? font : widest) + GAP };
}

const style = (font: number) => ({ "font-size": font, fill: ink.text });

/** Right-aligned to x = 0, from y = 0 down. */
export function rowLabels({ shown, font }: TokenLabels, tokens: number, size: number): string {
  const pitch = size / tokens;
  const texts = shown.map(({ text, index }) =>
    textElement(text, {
      x: -GAP,
      y: (index + 0.5) * pitch + font * 0.36,
      "text-anchor": "end",
      ...style(font),
    }),
  );
  return group({}, ...texts);
}

/** Below y = 0, from x = 0 to the right; turned by 90° when they would touch. */
export function columnLabels({ shown, font, level }: TokenLabels, tokens: number, size: number): string {
  const pitch = size / tokens;
  const texts = shown.map(({ text, index }) => {
    const middle = (index + 0.5) * pitch;
    if (level)
      return textElement(text, { x: middle, y: GAP + font * 0.8, "text-anchor": "middle", ...style(font) });
    const turned = { transform: `translate(${(middle + font * 0.36).toFixed(2)} ${GAP}) rotate(-90)` };
    return element("g", turned, textElement(text, { "text-anchor": "end", ...style(font) }));
  });
  return group({}, ...texts);
}
