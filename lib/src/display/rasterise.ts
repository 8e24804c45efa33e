/** From SVG to PNG, by resvg; Node only. Everything heavy is loaded here, and only when a picture is drawn. */

/** Pixels per unit: sharp on dense screens and in print. */
const ZOOM = 2;

/** The faces used in the pictures; machines without fonts give the same picture. */
const faces = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"];

/** @returns a PNG file, two pixels per SVG unit */
export async function rasterise(svg: string): Promise<Uint8Array> {
  const [{ Resvg }, { createRequire }] = await Promise.all([
    import("@resvg/resvg-js"),
    import("node:module"),
  ]);
  const { resolve } = createRequire(import.meta.url);
  const drawn = new Resvg(svg, {
    fitTo: { mode: "zoom", value: ZOOM },
    font: {
      fontFiles: faces.map((face) => resolve(`dejavu-fonts-ttf/ttf/${face}`)),
      loadSystemFonts: false,
      defaultFontFamily: "DejaVu Sans",
    },
  });
  return drawn.render().asPng();
}
