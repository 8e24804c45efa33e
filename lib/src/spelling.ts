/** The nearest known spellings of an unknown word, for messages that help. */

/** Edits (insert, delete, replace, swap neighbours) from one word to another: Damerau 1964, restricted. */
export function editDistance(from: string, to: string): number {
  const width = to.length + 1;
  const table = new Uint16Array((from.length + 1) * width);
  for (let i = 0; i <= from.length; i++) table[i * width] = i;
  for (let j = 0; j <= to.length; j++) table[j] = j;
  for (let i = 1; i <= from.length; i++) {
    for (let j = 1; j <= to.length; j++) {
      const at = i * width + j;
      const replaced = table[at - width - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      table[at] = Math.min(replaced, table[at - 1]! + 1, table[at - width]! + 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) table[at] = Math.min(table[at]!, table[at - 2 * width - 2]! + 1);
    }
  }
  return table[table.length - 1]!;
}

/**
 * The known words nearest to an unknown one, nearest first; earlier known words win ties.
 * @returns at most `count`, none farther than half the word or three edits
 */
export function nearestWords(word: string, known: readonly string[], count: number): string[] {
  const asked = word.slice(0, 64).toLowerCase();
  const farthest = Math.min(3, Math.floor(asked.length / 2));
  return known
    .filter((each) => Math.abs(each.length - asked.length) <= farthest)
    .map((each) => ({ each, distance: editDistance(asked, each.toLowerCase()) }))
    .filter(({ distance }) => distance <= farthest)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ each }) => each);
}
