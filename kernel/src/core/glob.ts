/** Patterns of history searches: `*` is any text, `?` any one character, all else itself. */

/** @returns a test of a whole text against `pattern` */
export function globTest(pattern: string): (text: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, "[^]*?")
    .replace(/\?/g, "[^]");
  const expression = new RegExp(`^${source}$`, "u");
  return (text) => expression.test(text);
}
