/** What a function calls its arguments: better names for its inputs than argument0. */

/** The list between the first parentheses, or the one name before an arrow. */
const LIST = /^\s*(?:async\s+)?(?:function\s*[\w$]*\s*)?(?:\(([^()]*)\)|([\w$]+)\s*=>)/;

/** Names of the parameters where they are plain; undefined for one that is destructured or has a default with brackets. */
export function parameterNames(f: (...args: never[]) => unknown): (string | undefined)[] {
  const found = LIST.exec(Function.prototype.toString.call(f));
  const list = found?.[1] ?? found?.[2] ?? "";
  if (/[{[]/.test(list)) return [];
  return list.split(",").map((text) => /^\s*([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:=.*)?$/su.exec(text)?.[1]);
}

/** "argument1.spot" with the parameter's own name: "m.spot". */
export const named = (path: string, names: readonly (string | undefined)[]): string =>
  path.replace(/^argument(\d*)/, (text, at: string) => names[Number(at)] ?? text);
