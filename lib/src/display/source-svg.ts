/** The source in a still picture of a tape: every expression on the colour of its |v · v̄|. */
import { expressionsOf, linesOf, type SourceLine, type TapeTrace } from "../trace/index.js";
import { ink, sequential } from "./colours.js";
import { element, textElement } from "./svg.js";

const FONT = 11;
/** Advance of DejaVu Sans Mono, in ems. */
const ADVANCE = 0.602 * FONT;
const LINE = 17;
const NUMBERS = 30;
/** Of the rest of a line that was too long, in characters. */
const INDENT = 6;
/** More lines are not read in a still picture. */
const MOST_LINES = 28;
/** Of what long lines become. */
const MOST_ROWS = 40;

/** As in the interactive view. */
const shade = (share: number): string => sequential(0.04 + 0.82 * Math.sqrt(share));

/** Whether white is read better on it. */
function isDark(colour: string): boolean {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
  return 0.299 * r + 0.587 * g + 0.114 * b <= 140;
}

const CODE = { "font-family": "DejaVu Sans Mono, monospace", "font-size": FONT, "xml:space": "preserve" };
const baseline = (row: number): number => row * LINE + 12;

interface Piece {
  readonly column: number;
  readonly text: string;
  /** Index into the expressions; −1 for none. */
  readonly expression: number;
}

/** Lines set into rows of so many characters; what does not fit goes on in the next row, further in and without a number. */
function* rowsOf(
  lines: readonly SourceLine[],
  longest: number,
): Generator<{ number: string; pieces: Piece[] }> {
  for (const { number, segments } of lines) {
    let [row, column] = [{ number: String(number), pieces: [] as Piece[] }, 0];
    for (const { text, expression } of segments) {
      const characters = Array.from(text.replaceAll("\t", "  "));
      for (let from = 0; from < characters.length;) {
        if (column >= longest) {
          yield row;
          [row, column] = [{ number: "", pieces: [] }, INDENT];
        }
        const piece = characters.slice(from, from + longest - column);
        row.pieces.push({ column, text: piece.join(""), expression });
        column += piece.length;
        from += piece.length;
      }
    }
    yield row;
  }
}

/** @param colour of an expression */
function pieceSvg({ column, text }: Piece, row: number, colour: string | undefined): string {
  const x = NUMBERS + column * ADVANCE;
  const box = { x, y: row * LINE + 1, width: Array.from(text).length * ADVANCE, height: LINE - 2 };
  const fill = colour && isDark(colour) ? ink.paper : ink.text;
  return (colour ? element("rect", { ...box, fill: colour }) : "") + textElement(text, { ...CODE, x, y: baseline(row), fill }); // prettier-ignore
}

/** @returns the SVG and its height; "" and 0 for a tape without a source */
export function sourceSvg(
  trace: TapeTrace,
  width: number,
): { readonly svg: string; readonly height: number } {
  const expressions = expressionsOf(trace);
  const lines: SourceLine[] = [];
  let isCut = false;
  trace.sources.forEach(({ text }, s) => {
    const found = linesOf(text, s, expressions, MOST_LINES - lines.length);
    lines.push(...found.lines);
    isCut ||= found.isCut;
  });
  if (lines.length === 0) return { svg: "", height: 0 };
  const longest = Math.max(2 * INDENT, Math.floor((width - NUMBERS) / ADVANCE));
  const parts: string[] = [];
  let row = 0;
  for (const { number, pieces } of rowsOf(lines, longest)) {
    if (row === MOST_ROWS) {
      isCut = true;
      break;
    }
    parts.push(textElement(number, { ...CODE, x: NUMBERS - 10, y: baseline(row), fill: ink.quiet, "text-anchor": "end" })); // prettier-ignore
    for (const piece of pieces)
      parts.push(pieceSvg(piece, row, piece.expression < 0 ? undefined : shade(expressions[piece.expression]!.share))); // prettier-ignore
    row++;
  }
  if (isCut) parts.push(textElement("There is more of it.", { x: NUMBERS, y: baseline(row++), "font-size": 10.5, fill: ink.quiet })); // prettier-ignore
  return { svg: parts.join(""), height: row * LINE };
}
