/** The module "tslab", so that notebooks made for that kernel run here: its displays, its versions. */
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";

import type { Display } from "../display.js";
import { binaryBundle, binaryKinds, textBundle, textKinds } from "./media.js";

type Show = (value: string | Uint8Array) => void;

/** One place in the output: what is shown there second replaces what was shown first. */
export type TslabDisplay = Readonly<
  Record<"javascript" | "html" | "markdown" | "latex" | "svg" | "text" | "jpeg" | "png" | "gif" | "pdf", Show>
> & { readonly raw: (mime: string, value: string | Uint8Array) => void };

export interface Tslab {
  readonly display: TslabDisplay;
  readonly newDisplay: () => TslabDisplay;
  readonly versions: Readonly<Record<"tslab" | "typescript" | "node", string>>;
}

/** The version whose notebooks this module knows. */
const TSLAB = "1.0.22";

const typescriptVersion = (): string =>
  (createRequire(import.meta.url)("typescript/package.json") as { version: string }).version;

function kinds(show: (bundle: Record<string, unknown>) => void): TslabDisplay {
  const rows: [string, (...values: never[]) => void][] = [
    ...textKinds.map((kind): [string, Show] => [kind, (value) => show(textBundle(kind, value))]),
    ...binaryKinds.map((kind): [string, Show] => [kind, (value) => show(binaryBundle(kind, value))]),
    ["raw", (mime: string, value: unknown) => show({ [mime]: value })],
  ];
  return Object.fromEntries(rows) as unknown as TslabDisplay;
}

export function createTslab(display: Display): Tslab {
  const newDisplay = (): TslabDisplay => {
    const id = randomUUID();
    let shown = false;
    return kinds((bundle) => {
      display(bundle, { raw: true, id, update: shown });
      shown = true;
    });
  };
  return {
    display: kinds((bundle) => void display(bundle, { raw: true })),
    newDisplay,
    versions: { tslab: TSLAB, typescript: typescriptVersion(), node: process.version },
  };
}
