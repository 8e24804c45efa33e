/** The colour scale of attention weights: even steps of lightness, also in grey. */
import assert from "node:assert/strict";
import { attentionSvg } from "cotangent";
import { sampleTrace } from "../trace/sample.js";

/** CIE lightness L* of an sRGB colour such as #2e85b3. */
function lightness(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

describe("the colour scale", () => {
  it("darkens in even steps, as its legend shows", () => {
    const stops = [...attentionSvg(sampleTrace()).matchAll(/stop-color="(#[0-9a-f]{6})"/g)].map(
      (match) => match[1]!,
    );
    assert.ok(stops.length >= 9);
    const steps = stops.slice(1).map((stop, i) => lightness(stops[i]!) - lightness(stop));
    const even = (lightness(stops[0]!) - lightness(stops.at(-1)!)) / steps.length;
    assert.ok(lightness(stops[0]!) > 95 && lightness(stops.at(-1)!) < 20);
    for (const step of steps) assert.ok(Math.abs(step - even) < 0.15 * even, `${step} instead of ${even}`);
  });
});
