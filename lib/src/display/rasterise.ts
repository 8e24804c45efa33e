/** From SVG to PNG, by resvg; Node only. Everything heavy is loaded here, and only when a picture is drawn. */
import type * as modules from "node:module";
import type { Resvg } from "@resvg/resvg-js";

/** Pixels per unit: sharp on dense screens and in print. */
const ZOOM = 2;

/** The faces used in the pictures; machines without fonts give the same picture. */
const faces = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSansMono.ttf"];

/** What Node gives without an import, which would have to be awaited. */
interface WithBuiltins {
  readonly process?: { readonly getBuiltinModule?: (name: "module") => typeof modules };
}

/** @throws Error where there is no Node */
export function rasteriseNow(svg: string): Uint8Array {
  const builtin = (globalThis as WithBuiltins).process?.getBuiltinModule?.("module");
  if (!builtin) throw new Error("resvg needs Node 20.16 or newer.");
  const require = builtin.createRequire(import.meta.url);
  const { Resvg: Renderer } = require("@resvg/resvg-js") as { readonly Resvg: typeof Resvg };
  const drawn = new Renderer(svg, {
    fitTo: { mode: "zoom", value: ZOOM },
    font: {
      fontFiles: faces.map((face) => require.resolve(`dejavu-fonts-ttf/ttf/${face}`)),
      loadSystemFonts: false,
      defaultFontFamily: "DejaVu Sans",
    },
  });
  return drawn.render().asPng();
}

/** @returns a PNG file, two pixels per SVG unit */
export const rasterise = (svg: string): Promise<Uint8Array> =>
  new Promise((resolve) => resolve(rasteriseNow(svg)));
