/** A document without a browser, for d3 and Observable Plot: made when somebody asks for it. */
import { createRequire } from "node:module";

/** Names that libraries look for beside `document`. `window` is none: with it, they take this for a browser. */
const COMPANIONS = ["Node", "Element", "HTMLElement", "SVGElement", "Event", "CustomEvent", "DOMParser"];

type Window = Record<string, unknown> & { readonly document: object };

export interface LightDocument {
  readonly document: object;
  /** Make it the global `document`, for libraries that take no other: d3. */
  useDocument(): object;
}

export function createLightDocument(): LightDocument {
  let window: Window | undefined;
  const load = (): Window => {
    const { parseHTML } = createRequire(import.meta.url)("linkedom") as { parseHTML(html: string): Window };
    return (window ??= parseHTML("<!doctype html><html><head></head><body></body></html>"));
  };
  return {
    get document() {
      return load().document;
    },
    useDocument() {
      const loaded = load();
      const { document } = loaded;
      const globals = { document, ...Object.fromEntries(COMPANIONS.map((name) => [name, loaded[name]])) };
      for (const [name, value] of Object.entries(globals))
        // Node has an Event of its own, which its own listeners need.
        if (value !== undefined && (name === "document" || !(name in globalThis)))
          Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
      return document;
    },
  };
}
