/** Labels made fit to be drawn: invisible characters made visible, long ones shortened to a width. */

/** Width of a text in CSS pixels. */
export type Measure = (text: string) => number;

/** Characters that have no look of their own, and those that would reorder the text around them. */
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ["\n", "⏎"],
  ["\r", "⏎"],
  ["\t", "⇥"],
]);
/** Controls (Cc), format and direction characters (Cf), line and paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Format characters that scripts and emoji need: the joiners. */
const JOINERS = /[\u200c\u200d]/;

/** A token as a reader can see it: "" is ∅, outer spaces are ␣, control and direction characters are marked. */
export function visibleToken(token: string): string {
  if (token === "") return "∅";
  return token
    .replace(/^ +| +$/g, (spaces) => "␣".repeat(spaces.length))
    .replace(INVISIBLE, (character) => SPECIAL.get(character) ?? (JOINERS.test(character) ? character : "·"));
}

/** The longest beginning of `text` that fits with an ellipsis, or the whole; "" when nothing fits. */
export function elide(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const characters = Array.from(text);
  let [fits, tooLong] = [0, characters.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(`${characters.slice(0, middle).join("")}…`) <= width) fits = middle;
    else tooLong = middle;
  }
  return fits > 0 ? `${characters.slice(0, fits).join("").trimEnd()}…` : "";
}

/** The stride 1, 2, 5, 10, 20, … at which labels that each need `needed` pixels do not touch. */
export function labelStride(spacing: number, needed: number): number {
  if (!(spacing > 0)) return 1;
  for (let power = 1; ; power *= 10) {
    for (const digit of [1, 2, 5]) {
      if (digit * power * spacing >= needed) return digit * power;
    }
  }
}
