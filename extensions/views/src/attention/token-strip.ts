/** The token strip: the residual of every token over the iterations, a tick where each has settled; under the residual strip. */
import { type AttentionTrace, shortNumber } from "cotangent/trace";
import { NOT_A_NUMBER, type Rgb } from "../common/colour.js";
import { html, svg } from "../common/dom.js";
import { elide, labelStride, type Measure } from "../common/labels.js";
import { logDomain, residualKind } from "../common/log-scale.js";
import { watchScrub } from "../common/scrub.js";
import type { Theme } from "../common/theme.js";

export interface TokenStrip {
  readonly element: HTMLElement;
  resize(left: number, right: number, pixelRatio: number, theme: Theme): void;
  /** Move the marker; `at` may lie between two iterations. */
  mark(at: number): void;
}

const TITLE = 20;
const [ROW, TALLEST] = [12, 168];
/** The strongest grey of a residual, and the tick, by scheme. */
const STRONG: Record<Theme["scheme"], Rgb> = { light: [38, 50, 56], dark: [207, 216, 220] };
const TICK: Record<Theme["scheme"], Rgb> = { light: [46, 125, 50], dark: [129, 199, 132] };

/** Most columns of the picture; a longer solve shows the worst of several iterations in each. */
const MAX_COLUMNS = 2048;

/**
 * [rows, columns] how large the residuals are between the ends of their scale, 0…1; NaN where one is not finite. What shares a
 * place shows the worst.
 */
export function residualImage(
  perToken: Float32Array,
  tokens: number,
  rows: number,
  columns: number,
): { readonly shares: Float32Array; readonly low: number; readonly high: number } {
  const K = perToken.length / tokens;
  const [low, high] = logDomain(perToken).domain;
  const span = Math.log10(high / low);
  const shares = new Float32Array(rows * columns).fill(-1);
  for (let k = 0; k < K; k++) {
    const column = Math.floor((k * columns) / K);
    for (let i = 0; i < tokens; i++) {
      const value = perToken[k * tokens + i]!;
      const at = Math.floor((i * rows) / tokens) * columns + column;
      const missing = residualKind(value) === "missing";
      const share = missing ? NaN : value <= low ? 0 : Math.log10(value / low) / span;
      if (missing || share > shares[at]!) shares[at] = share;
    }
  }
  return { shares, low, high };
}

const between = (from: Rgb, to: Rgb, t: number): Rgb =>
  from.map((part, i) => Math.round(part + (to[i]! - part) * t)) as unknown as Rgb;

/** @param onScrub called with an iteration, possibly fractional, when the reader points at one */
export function tokenStrip(
  { tokens, residuals, outcome, training }: AttentionTrace,
  labels: readonly string[],
  measure: Measure,
  onScrub: (iteration: number) => void,
  signal: AbortSignal,
): TokenStrip {
  const [N, K] = [tokens.length, outcome.iterations];
  const height = Math.min(TALLEST, N * ROW);
  const columns = Math.min(K, MAX_COLUMNS);
  const canvas = html("canvas", { class: "cot-tokens-picture", "aria-hidden": "true" });
  const words = svg("g", {});
  const hair = svg("line", { class: "cot-tokens-marker", y1: TITLE, y2: TITLE + height });
  const layer = svg(
    "svg",
    { "aria-hidden": "true", focusable: "false", height: TITLE + height + 2 },
    words,
    hair,
  );
  const settled = (residuals.stoppedAt ?? new Int32Array()).filter((k) => k >= 0).length;
  const said = residuals.stoppedAt
    ? `${settled} of ${N} ${N === 1 ? "token" : "tokens"} settled at the end`
    : training
      ? "at the end of the solve of each training step"
      : "when each settled is not stored";
  const element = html(
    "div",
    { class: "cot-tokens", role: "img", "aria-label": `Residual of each token: ${said}` },
    canvas,
    layer,
  );
  element.style.height = `${TITLE + height + 2}px`;
  let [start, end] = [0, 1];
  const x = (k: number): number => start + ((end - start) * k) / Math.max(K - 1, 1);

  const scrub = (left: number) => {
    const share = (left - start) / (end - start);
    onScrub(Math.min(Math.max(share, 0), 1) * (K - 1));
  };
  watchScrub(element, K > 1, scrub, signal);

  function paint(pixelRatio: number, { scheme, page }: Theme): { low: number; high: number } {
    const [width, tall] = [Math.round((end - start) * pixelRatio), Math.round(height * pixelRatio)];
    const rows = Math.min(N, tall);
    const { shares, low, high } = residualImage(residuals.perToken, N, rows, columns);
    const image = new ImageData(columns, rows);
    shares.forEach((share, at) => {
      const colour = Number.isNaN(share)
        ? NOT_A_NUMBER[scheme].line
        : between(page, STRONG[scheme], Math.max(0.04, share));
      image.data.set([...colour, 255], 4 * at);
    });
    const small = new OffscreenCanvas(columns, rows);
    small.getContext("2d")!.putImageData(image, 0, 0);
    Object.assign(canvas, { width, height: tall });
    const pen = canvas.getContext("2d")!;
    pen.imageSmoothingEnabled = false;
    // An iteration stands in the middle of its column, under its mark in the strip above.
    const half = K > 1 ? width / (K - 1) / 2 : 0;
    pen.drawImage(small, -half, 0, width + 2 * half, tall);
    pen.fillStyle = `rgb(${TICK[scheme].join(",")})`;
    residuals.stoppedAt?.forEach((k, i) => {
      if (k < 0) return;
      const at = Math.min(
        Math.max(((x(k) - start) / (end - start)) * width, pixelRatio),
        width - 2 * pixelRatio,
      );
      const [top, row] = [(i * tall) / N, Math.max(1, tall / N)];
      pen.fillRect(
        Math.round(at - pixelRatio),
        top + (row > 4 ? 1 : 0),
        2 * pixelRatio,
        row - (row > 4 ? 2 : 0),
      );
    });
    return { low, high };
  }

  return {
    element,
    resize(left, right, pixelRatio, theme) {
      [start, end] = [left, right];
      const { low, high } = paint(pixelRatio, theme);
      Object.assign(canvas.style, {
        left: `${left}px`,
        top: `${TITLE}px`,
        width: `${right - left}px`,
        height: `${height}px`,
      });
      layer.setAttribute("width", String(right + 12));
      const text = (attributes: Record<string, string | number>, content: string) =>
        svg("text", attributes, content);
      const row = height / N;
      const stride = labelStride(row, ROW);
      const name = `relative residual of each token, ${shortNumber(low)} (faint) to ${shortNumber(high)}`;
      const key = residuals.stoppedAt ? "▎settled from here on" : "";
      const beside = measure(name) + measure(key) + 24 < right - left;
      words.replaceChildren(
        text({ class: "cot-axis-name", x: left, y: 14 }, name),
        ...(key && beside
          ? [text({ class: "cot-tokens-key", x: right, y: 14, "text-anchor": "end" }, key)]
          : []),
        ...labels.flatMap((label, i) =>
          i % stride === 0
            ? [
                text(
                  { x: left - 6, y: TITLE + (i + 0.5) * row, dy: "0.35em", "text-anchor": "end" },
                  elide(label, left - 24, measure),
                ),
              ]
            : [],
        ),
      );
    },
    mark(at) {
      hair.setAttribute("transform", `translate(${x(at)},0)`);
    },
  };
}
