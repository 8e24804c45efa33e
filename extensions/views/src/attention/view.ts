/** The attention view: a fixed-point solve as a matrix that moves over its iterations. */
import type { AttentionTrace } from "cotangent/trace";
import { animationLoop } from "../common/animation.js";
import { CALM_RATES, chooseRate, RATES } from "../common/clock.js";
import { colourTable } from "../common/colour.js";
import { html } from "../common/dom.js";
import { formatResidual } from "../common/format.js";
import { icon } from "../common/icons.js";
import { keyAction } from "../common/keys.js";
import { visibleToken } from "../common/labels.js";
import { type MatrixLook, matrixPainter } from "../common/matrix-painter.js";
import { watchPixelRatio } from "../common/pixel-ratio.js";
import { Player } from "../common/player.js";
import { residualStrip } from "../common/residual-strip.js";
import { type Theme, watchTheme } from "../common/theme.js";
import { transport } from "../common/transport.js";
import { alternative, describe } from "./alternative.js";
import { figure } from "./figure.js";
import { headSelector, headTitle } from "./heads.js";
import { legend } from "./legend.js";
import type { AttentionView, AttentionViewOptions } from "./options.js";
import { readout } from "./readout.js";
import { residualCurve } from "./residual.js";
import { frameNear, matrixAt, summarise } from "./summary.js";
import { thumbnails } from "./thumbnails.js";
import { iterationText, notes, subject, verdict } from "./wording.js";

/** Width of the slider's thumb: its centre stands above the marker of the strip. */
const THUMB = 14;

/** Buttons act on the space bar by themselves; on a head's, which is chosen already, it plays. */
const isPlainButton = (element: Element): boolean => element.matches("button:not([role=radio])");

/**
 * Draw a trace into `host`. The view owns what is inside the host until it is destroyed.
 * @param trace as `decodeAttentionTrace` returns it; it is read, never changed
 */
export function attentionView(
  host: HTMLElement,
  trace: AttentionTrace,
  options: AttentionViewOptions = {},
): AttentionView {
  const { iterations } = trace.frames;
  const [F, K] = [iterations.length, trace.outcome.iterations];
  const labels = trace.tokens.map(visibleToken);
  const summary = summarise(trace);
  const curve = residualCurve(trace);
  const life = new AbortController();
  const { signal } = life;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const rates = calm.matches ? CALM_RATES : RATES;
  const open = options.state;
  const rate = rates.find((offered) => offered === open?.rate) ?? (calm.matches ? 1 : chooseRate(F));
  const player = new Player({
    frames: F,
    rate,
    frame: frameNear(iterations, open && !open.atEnd ? open.iteration : trace.outcome.bestIteration),
    smooth: !calm.matches,
  });
  let head = Math.min(Math.max(Math.trunc(open?.head ?? 0), 0), trace.heads.length - 1);
  player.loop = open?.loop ?? false;
  if (open && !open.atEnd) player.seek(player.frame);

  // What is on the screen already, so that a frame redraws only what changed.
  let drawnFrame = -1;
  let [dirty, speak, describedAt] = [true, false, -Infinity];
  let undescribed = true;
  let width = 0;

  const invalidate = () => {
    dirty = true;
    undescribed = true;
    loop.request();
  };
  const seek = (frame: number) => {
    player.seek(frame);
    loop.request();
  };
  const toggle = () => {
    player.toggle();
    loop.request();
  };
  const step = (by: number) => {
    player.step(by);
    loop.request();
  };
  const showHead = (next: number) => {
    if (next === head || !(next >= 0 && next < trace.heads.length)) return;
    head = next;
    selector.select(head);
    key.update(summary.max[head]!, look.scheme);
    invalidate();
    options.onHead?.(head);
  };

  const hero = figure(
    trace.tokens,
    (byKey) => {
      speak = byKey;
      invalidate();
    },
    signal,
  );
  const selector = headSelector(trace.heads, showHead, signal);
  const reading = readout();
  const key = legend(summary.bad > 0);
  const controls = transport(
    { last: K - 1, single: F < 2, rates, rate, loop: player.loop, unit: F === K ? "iterations" : "frames" },
    {
      toggle,
      step,
      seek: (iteration) => seek(frameNear(iterations, iteration)),
      rate: (value) => (player.rate = value),
      loop: (on) => (player.loop = on),
    },
    signal,
  );
  const strip = residualStrip(
    {
      values: curve.values,
      name: curve.name,
      best: trace.outcome.bestIteration,
      stored: F === K ? undefined : iterations,
      tolerance: curve.judged ? trace.solver.tolerance : undefined,
    },
    (iteration) => {
      controls.slider.focus({ preventScroll: true });
      seek(frameNear(iterations, iteration));
    },
    signal,
  );
  const words = alternative(labels, invalidate, signal);

  const { level, title, details } = verdict(trace, curve);
  const said = notes(trace, summary, curve);
  const root = html(
    "section",
    { class: "cot-view cot-attention", "aria-label": "Fixed-point attention" },
    html(
      "header",
      { class: "cot-header" },
      html(
        "p",
        { class: "cot-verdict", "data-level": level },
        html("span", { class: "cot-verdict-sign" }, icon(level)),
        html("strong", {}, title),
        html("span", { class: "cot-verdict-details" }, details),
      ),
      html("p", { class: "cot-subject" }, subject(trace)),
    ),
    html(
      "div",
      { class: "cot-body" },
      hero.element,
      html("div", { class: "cot-panel" }, selector.element, key.element, reading.element),
    ),
    html("div", { class: "cot-time" }, controls.bar, controls.slider, strip.element),
    ...(said.length > 0
      ? [html("ul", { class: "cot-notes" }, ...said.map((note) => html("li", {}, note)))]
      : []),
    words.element,
  );
  host.replaceChildren(root);

  const painter = matrixPainter(trace.tokens.length);
  const small = thumbnails(trace, summary, painter, selector.canvases);
  const theme = watchTheme(root, (next) => {
    look = lookOf(next);
    invalidate();
  });
  const lookOf = ({ scheme, page }: Theme): MatrixLook => {
    root.dataset.scheme = scheme;
    key.update(summary.max[head]!, scheme);
    small.stale();
    return { scheme, page, table: colourTable(scheme) };
  };
  let look = lookOf(theme.current);

  function layOut(): void {
    const ratio = devicePixelRatio || 1;
    const { total, gutter, header, stacked, side } = hero.resize(width, ratio);
    root.dataset.stacked = String(stacked);
    root.style.setProperty("--cot-total", `${total}px`);
    root.style.setProperty("--cot-gutter", `${gutter}px`);
    root.style.setProperty("--cot-header", `${header}px`);
    root.style.setProperty("--cot-side", `${side}px`);
    const right = total - 10;
    strip.resize(gutter, right);
    Object.assign(controls.slider.style, {
      marginLeft: `${gutter - THUMB / 2}px`,
      width: `${right - gutter + THUMB}px`,
    });
    small.resize(ratio);
    dirty = true;
  }

  function draw(now: number): boolean {
    // A host that was thrown away without a goodbye must not keep the page busy.
    if (!root.isConnected) player.pause();
    player.tick(now);
    if (width === 0) return false;
    const { frame, position } = player;
    const iteration = iterations[frame]!;
    const blend = position - frame;
    const newFrame = frame !== drawnFrame;
    const from = matrixAt(trace, frame, head);
    const next = Math.min(frame + 1, F - 1);
    if (newFrame || dirty || blend !== drawnBlend) {
      const to = blend > 0 ? matrixAt(trace, next, head) : from;
      painter.paint(hero.canvas, { from, to, blend, max: summary.max[head]! }, look, devicePixelRatio || 1);
      at = iteration + (iterations[next]! - iteration) * blend;
      strip.mark(at, iteration);
    }
    const when = iterationText(iteration, K - 1);
    const residual = formatResidual(curve.values[iteration]!);
    controls.update({
      at,
      playing: player.playing,
      counter: when,
      residual,
      spoken: `${when}, residual ${residual}`,
    });
    if (newFrame || dirty) {
      read(frame, from);
      undescribed = true;
    }
    if (newFrame) {
      small.stale();
      root.dataset.iteration = String(iteration);
    }
    root.dataset.head = String(head);
    root.dataset.playing = String(player.playing);
    [drawnFrame, drawnBlend, dirty] = [frame, blend, false];
    const unfinished = small.paint(frame, look);
    // Words are for a reader at rest: at most a few times a second while it plays.
    if (undescribed && !newFrame && (!player.playing || now - describedAt > 500)) {
      hero.canvas.setAttribute(
        "aria-label",
        describe(headTitle(trace.heads[head]!), `${when}, residual ${residual}`, from, labels),
      );
      words.update(when, from);
      [undescribed, describedAt] = [false, now];
    }
    if (newFrame) options.onFrame?.(iteration);
    return player.playing || unfinished || undescribed;
  }
  let [drawnBlend, at] = [0, 0];

  function read(frame: number, weights: Float32Array): void {
    const { cell } = hero;
    if (!cell) {
      reading.show(undefined, false);
      key.point(undefined);
      return;
    }
    const index = cell.query * labels.length + cell.key;
    const before = frame > 0 && {
      weight: matrixAt(trace, frame - 1, head)[index]!,
      iteration: iterations[frame - 1]!,
    };
    const weight = weights[index]!;
    reading.show(
      {
        query: labels[cell.query]!,
        key: labels[cell.key]!,
        queryIndex: cell.query,
        keyIndex: cell.key,
        weight,
        ...(before && { before }),
      },
      speak,
    );
    key.point(weight);
    speak = false;
  }

  root.addEventListener(
    "keydown",
    (event) => {
      const target = event.target as Element;
      const action = keyAction(event);
      // A select, a link and a button know what to do with their own keys.
      if (!action || target.matches("select, summary, a") || (action === "toggle" && isPlainButton(target)))
        return;
      event.preventDefault();
      event.stopPropagation();
      if (action === "toggle") toggle();
      else if (action === "first") seek(0);
      else if (action === "last") seek(F - 1);
      else step(action.step);
    },
    { signal },
  );
  calm.addEventListener(
    "change",
    () => {
      player.smooth = !calm.matches;
      if (calm.matches) player.pause();
      invalidate();
    },
    { signal },
  );

  const loop = animationLoop(draw);
  /** Lay out and draw at once: an observer runs before the page is painted, an animation frame after. */
  const fit = () => {
    const found = host.clientWidth;
    // Growing by less than a scroll bar's width may be our own doing (we got shorter and it went); following
    // it would make us taller again, for ever.
    if (found === 0 || found === width || (found > width && found < width + 20 && width > 0)) return;
    width = found;
    layOut();
    draw(performance.now());
    loop.request();
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(host);
  const stopRatio = watchPixelRatio(() => {
    if (width === 0) return;
    layOut();
    loop.request();
  });

  selector.select(head);
  fit();
  if (open?.playing || (options.autoplay && !calm.matches)) toggle();

  return {
    get state() {
      const { frame, playing, loop: loops } = player;
      const iteration = iterations[frame]!;
      return { head, iteration, atEnd: frame === F - 1, playing, rate: player.rate, loop: loops };
    },
    play() {
      player.play();
      loop.request();
    },
    pause() {
      player.pause();
      loop.request();
    },
    showIteration: (iteration) => seek(frameNear(iterations, iteration)),
    showHead,
    destroy() {
      life.abort();
      loop.destroy();
      sizes.disconnect();
      stopRatio();
      theme.destroy();
      root.remove();
    },
  };
}
