/** What the tsconfig.json beside a notebook says about emitting: JSX and decorators. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Expression, parseExpressionAt } from "acorn";

import type { EmitSettings } from "../compile/emit.js";

const SETTINGS: ReadonlySet<string> = new Set<keyof EmitSettings>([
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "experimentalDecorators",
  "useDefineForClassFields",
]);
const MAX_EXTENDS = 5;

/** A tsconfig.json has comments and trailing commas, which JSON has not, but JavaScript has. */
function valueOf(node: Expression): unknown {
  if (node.type === "Literal") return node.value;
  if (node.type !== "ObjectExpression") return undefined;
  const entries = node.properties.flatMap((property) =>
    property.type === "Property" && property.key.type === "Literal"
      ? [[String(property.key.value), valueOf(property.value)] as const]
      : [],
  );
  return Object.fromEntries(entries);
}

function readSettings(path: string, depth: number): EmitSettings {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return {};
  }
  try {
    const config = valueOf(parseExpressionAt(`(${text}\n)`, 0, { ecmaVersion: "latest" })) as {
      readonly extends?: unknown;
      readonly compilerOptions?: Record<string, unknown>;
    };
    const base =
      typeof config.extends === "string" && config.extends.startsWith(".") && depth < MAX_EXTENDS
        ? readSettings(join(path, "..", config.extends.replace(/(?:\.json)?$/, ".json")), depth + 1)
        : {};
    const own = Object.entries(config.compilerOptions ?? {}).filter(([name]) => SETTINGS.has(name));
    return { ...base, ...(Object.fromEntries(own) as EmitSettings) };
  } catch {
    // The type check reads this file too, and it is the one to say what is wrong with it.
    return {};
  }
}

/** @param folder the notebook's */
export const emitSettings = (folder: string): EmitSettings => readSettings(join(folder, "tsconfig.json"), 0);
