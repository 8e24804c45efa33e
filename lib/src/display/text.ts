/** Fitting text into a picture without measuring it: widths of DejaVu Sans by class of character. */

/** Em widths, rounded up a little. */
const classes: readonly [RegExp, number][] = [
  [/[iljI.,:;'!|]/, 0.34],
  [/[frt()[\]\- ]/, 0.41],
  [/[mwMWOQ@%…—]/, 0.92],
  [/[A-Z]/, 0.72],
  [/[\u1100-\uffff]/, 1.05],
];

/** An estimate, rather too large than too small, of the width of a text in pixels. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += classes.find(([of]) => of.test(character))?.[1] ?? 0.64;
  return ems * size;
}

/** The text itself, or its beginning and an ellipsis, at most `longest` characters. */
export function elide(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

/** Words set into lines of a width. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
