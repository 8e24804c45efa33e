/** From the engine's diagnostics to what a notebook says: which ones count, where they are in the cell, in which words. */
import { DiagnosticCategory, type Diagnostic } from "typescript/unstable/sync";

import type { RelatedPlace, TypeDiagnostic } from "../core/ports.js";
import { SCOPE_MODULE } from "./scope.js";

/** "Implicitly has an 'any' type", in all its forms: said only where the user's own tsconfig.json asks for it. */
const IMPLICIT_ANY = new Set([
  7005, 7006, 7007, 7008, 7009, 7010, 7011, 7012, 7013, 7014, 7015, 7017, 7018, 7019, 7020, 7022, 7023, 7024,
  7025, 7026, 7031, 7032, 7033, 7034, 7041, 7052, 7053, 7055, 7056, 7057, 7061,
]);

/** What the runtime says better, or what is no mistake in a notebook. */
const NEVER = new Set([
  2307, // Cannot find module: the import itself says what to install.
  2732, // Cannot find module, a JSON file: the same.
  2882, // Cannot find module for a side-effect import: the same.
  2792, // Cannot find module, with another advice: the same.
  1202, // import x = require() in an ES module: cells have it.
  1203, // export = in an ES module: the same.
  2875, // No types for the JSX runtime of a package: the import itself says what to install.
  2874, // JSX needs "React" in scope: the runtime is imported without a word.
  2695, // The left side of a comma is unused.
  6137, // Cannot import type declaration files.
  7016, // No types for a package: it is `any`.
  1208, // isolatedModules, which cells do not need.
  7027, // Unreachable code.
  7028, // Unused label.
]);

const TYPE_IMPORT = /^\s*import\s+type\b/;

/** The engine's name for what earlier cells declared is nothing that a reader knows. */
const INTERNAL = new RegExp(
  `(?:typeof )?import\\("[^"]*/(?:${SCOPE_MODULE.slice(2)}|__cotangent_(?:jsx_)?cell__)"\\)\\.(?:\\$\\d+\\.)?|(?:\\$\\.)?\\$\\d+\\.`,
  "g",
);

/** A module of a package, by the package's name: `"/…/node_modules/@types/d3/index"` is `"d3"`. */
const PACKAGE = /"[^"]*\/node_modules\/(?:@types\/)?((?:@[^/"]+\/)?[^/"]+)[^"]*"/g;

export const readable = (text: string): string => text.replace(INTERNAL, "").replace(PACKAGE, '"$1"');

export interface Mapping {
  readonly path: string;
  /** The file's text from `from` is the cell's from its beginning. */
  readonly from: number;
  readonly source: string;
  readonly implicitAny: boolean;
}

export function counts(diagnostic: Diagnostic, { from, source, path, implicitAny }: Mapping): boolean {
  const { code, category, pos, fileName } = diagnostic;
  if (category !== DiagnosticCategory.Error || fileName !== path) return false;
  if (pos < from || pos > from + source.length + 2) return false;
  if (code === 2307) {
    const before = source.slice(0, pos - from);
    return TYPE_IMPORT.test(before.slice(before.search(/\bimport\b[^;]*$/)));
  }
  // `typeof name` is how one asks whether there is such a name.
  if (code === 2304 && /\btypeof\s+$/.test(source.slice(0, pos - from))) return false;
  return !NEVER.has(code) && (implicitAny || !IMPLICIT_ANY.has(code));
}

/** A message and the reasons below it, each one deeper. */
function messageOf({ text, messageChain }: Diagnostic, depth = 0): string {
  const reasons = (messageChain ?? []).map(
    (reason) => `\n${"  ".repeat(depth + 1)}${messageOf(reason, depth + 1)}`,
  );
  return readable(text) + reasons.join("");
}

const within = (offset: number, source: string): number => Math.min(Math.max(offset, 0), source.length);

/** @param elsewhere finds the place of an earlier cell's declaration */
export function toTypeDiagnostic(
  diagnostic: Diagnostic,
  { from, source, path }: Mapping,
  elsewhere: (related: Diagnostic) => RelatedPlace["where"],
): TypeDiagnostic {
  const related = (diagnostic.relatedInformation ?? []).map((one): RelatedPlace => {
    const message = messageOf(one);
    if (one.fileName !== path || one.pos < from) return { message, where: elsewhere(one) };
    return {
      message,
      where: { cell: null, start: within(one.pos - from, source), end: within(one.end - from, source) },
    };
  });
  return {
    code: diagnostic.code,
    message: messageOf(diagnostic),
    start: within(diagnostic.pos - from, source),
    end: within(diagnostic.end - from, source),
    related,
  };
}
