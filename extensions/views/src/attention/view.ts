/** The attention view: a fixed-point solve as a matrix that moves over its iterations. */
import { type AttentionTrace, resultFrame, shortNumber } from "cotangent/trace";
import { animationLoop } from "../common/animation.js";
import { CALM_RATES, chooseRate, RATES } from "../common/clock.js";
import { colourTable } from "../common/colour.js";
import { keyAction } from "../common/keys.js";
import { type MatrixLook, matrixPainter } from "../common/matrix-painter.js";
import { Player } from "../common/player.js";
import { residualStrip } from "../common/residual-strip.js";
import { watchSize } from "../common/size.js";
import { applyScheme, type Theme, watchTheme } from "../common/theme.js";
import { transport } from "../common/transport.js";
import { alternative, describe } from "./alternative.js";
import { analysis } from "./analysis.js";
import { figure } from "./figure.js";
import { headSelector, headTitle } from "./heads.js";
import { legend } from "./legend.js";
import { type AttentionModel, attentionModel } from "./model.js";
import type { AttentionView, AttentionViewOptions, AttentionViewState } from "./options.js";
import { page } from "./page.js";
import { readingOf, readout } from "./readout.js";
import { steeringButtons } from "./steering.js";
import { thumbnails } from "./thumbnails.js";
import { numbersAt, trainingStrips } from "./training.js";
import { curveTitle, iterationText } from "./wording.js";

/** Width of the slider's thumb: its centre stands above the marker of the strip. */
const THUMB = 14;
/** Room to the right of the plot for half a thumb and half a tick label. */
const EDGE = 10;
/** Milliseconds between two updates of the text alternative while playing. */
const WORDS_EVERY = 500;

/** Buttons act on the space bar by themselves; on a head's, which is chosen already, it plays. */
const isPlainButton = (element: Element): boolean => element.matches("button:not([role=radio])");

/** Where a reader starts: at the iterate that the solve returned, or where they were before. */
function openPlayer(
  model: AttentionModel,
  state: AttentionViewState | undefined,
  rates: readonly number[],
  smooth: boolean,
): Player {
  const { frames } = model;
  const wasElsewhere = state && !state.atEnd;
  const player = new Player({
    frames,
    smooth,
    frame: wasElsewhere ? model.frameNear(state.iteration) : resultFrame(model.trace),
    rate: rates.find((rate) => rate === state?.rate) ?? (smooth ? chooseRate(frames) : 1),
  });
  player.loop = state?.loop ?? false;
  if (wasElsewhere) player.seek(player.frame);
  return player;
}

/**
 * Draw a trace into `host`. The view owns what is inside the host until it is destroyed.
 * @param trace as `decodeAttentionTrace` returns it; it is read, never changed
 */
export function attentionView(
  host: HTMLElement,
  trace: AttentionTrace,
  options: AttentionViewOptions = {},
): AttentionView {
  const model = attentionModel(trace);
  const { labels, summary, curve, max, frames, lastIteration, noun } = model;
  const counts = `${noun}s`;
  const life = new AbortController();
  const { signal } = life;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const rates = calm.matches ? CALM_RATES : RATES;
  const player = openPlayer(model, options.state, rates, !calm.matches);
  let head = Math.min(Math.max(Math.trunc(options.state?.head ?? 0), 0), trace.heads.length - 1);
  let width = 0;
  /** What the screen shows, so that an animation frame redraws only what changed. */
  const shown = { frame: -1, blend: 0, at: 0, dirty: true, described: false, describedAt: -Infinity };
  let speak = false;

  // What the reader asks for.
  const refresh = () => {
    Object.assign(shown, { dirty: true, described: false });
    request();
  };
  const asking =
    <Arguments extends readonly unknown[]>(act: (...args: Arguments) => void) =>
    (...args: Arguments): void => {
      act(...args);
      request();
    };
  const seek = asking((frame: number) => player.seek(frame));
  const toggle = asking(() => player.toggle());
  const step = asking((by: number) => player.step(by));
  const showIteration = (iteration: number) => seek(model.frameNear(iteration));
  const showHead = (next: number) => {
    if (next === head || trace.heads[next] === undefined) return;
    head = next;
    selector.select(head);
    refresh();
    options.onHead?.(head);
  };

  // The parts.
  const readByKey = (byKey: boolean) => {
    speak = byKey;
    refresh();
  };
  const hero = figure(trace.tokens, readByKey, signal);
  const selector = headSelector(trace.heads, showHead, signal);
  const reading = readout();
  const scale = legend(max, trace.heads.length > 1 ? "heads" : "frames", counts, summary.bad > 0);
  const whole = frames === lastIteration + 1;
  const controls = transport(
    {
      last: lastIteration,
      single: frames < 2,
      rates,
      rate: player.rate,
      loop: player.loop,
      unit: !whole ? "frames" : trace.training ? "steps" : counts,
      name: `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`,
    },
    {
      toggle,
      step,
      seek: showIteration,
      rate: (value) => (player.rate = value),
      loop: (on) => (player.loop = on),
    },
    signal,
  );
  const scrub = (iteration: number) => {
    controls.slider.focus({ preventScroll: true });
    showIteration(iteration);
  };
  const strip = residualStrip(
    {
      values: curve.values,
      name: curveTitle(model),
      best: trace.training ? undefined : trace.outcome.bestIteration,
      axis: trace.training ? "step" : noun,
      numberOf: model.numberOf,
      nothing: "no finite residual",
      stored: whole ? undefined : trace.frames.iterations,
      tolerance: curve.tolerance,
    },
    scrub,
    signal,
  );
  const told = trainingStrips(trace, scrub, signal);
  const more = analysis(model, scrub, signal);
  const words = alternative(labels, refresh, signal);
  const running = trace.outcome.reason === "running";
  const steered = { what: trace.training ? "training" : "solve", unit: noun };
  const root = page(model, {
    steering: running && options.steer ? steeringButtons(steered, options.steer, signal) : undefined,
    figure: hero.element,
    heads: selector.element,
    legend: scale.element,
    readout: reading.element,
    transport: controls.bar,
    slider: controls.slider,
    training: told.element,
    strip: strip.element,
    tokens: more.tokens,
    analysis: more.below,
    alternative: words.element,
    sharing: hero.sharing,
  });
  host.replaceChildren(root);

  // The looks.
  const painter = matrixPainter(labels.length);
  const small = thumbnails(model, painter, selector.canvases);
  const lookOf = ({ scheme, page: ground }: Theme): MatrixLook => {
    applyScheme(root, scheme);
    scale.update(scheme);
    small.stale();
    return { scheme, page: ground, table: colourTable(scheme) };
  };
  const onTheme = (next: Theme) => {
    look = lookOf(next);
    if (width > 0) layOut();
    refresh();
  };
  const theme = watchTheme(root, onTheme, signal);
  let look = lookOf(theme.current);

  function layOut(): void {
    const ratio = devicePixelRatio || 1;
    const layout = hero.resize(width, ratio);
    const { total, gutter, header, stacked, side } = layout;
    root.dataset.stacked = String(stacked);
    for (const [name, length] of Object.entries({ total, gutter, header, side })) {
      root.style.setProperty(`--cot-${name}`, `${length}px`);
    }
    const right = total - EDGE;
    told.resize(gutter, right);
    strip.resize(gutter, right);
    more.resize(layout, right, ratio, theme.current);
    controls.slider.style.marginLeft = `${gutter - THUMB / 2}px`;
    controls.slider.style.width = `${right - gutter + THUMB}px`;
    small.resize(ratio);
    shown.dirty = true;
  }

  function draw(now: number): boolean {
    try {
      return drawFrame(now);
    } catch (error) {
      destroy();
      if (!options.onError) throw error;
      options.onError(error);
      return false;
    }
  }

  function drawFrame(now: number): boolean {
    // A host that was thrown away without a goodbye must not keep the page busy.
    if (!root.isConnected) player.pause();
    player.tick(now);
    if (width === 0) return false;
    const { frame } = player;
    const blend = player.position - frame;
    const iteration = model.iterationOf(frame);
    const weights = model.weights(frame, head);
    const turned = frame !== shown.frame;

    if (turned || shown.dirty || blend !== shown.blend) {
      const next = Math.min(frame + 1, frames - 1);
      const to = blend > 0 ? model.weights(next, head) : weights;
      const image = { from: weights, to, blend, max };
      painter.paint(hero.canvas, image, look, devicePixelRatio || 1);
      shown.at = iteration + (model.iterationOf(next) - iteration) * blend;
      told.mark(shown.at, iteration);
      strip.mark(shown.at, iteration);
      more.mark(shown.at);
    }
    const counter = iterationText(model, iteration);
    const detail = trace.training
      ? numbersAt(trace, iteration)
      : `residual ${shortNumber(curve.values[iteration]!)}`;
    const when = `${counter}, ${detail}`;
    controls.update({
      at: shown.at,
      playing: player.playing,
      rate: player.rate,
      counter,
      detail,
      spoken: when,
    });
    if (turned || shown.dirty) {
      const found = readingOf(model, frame, head, hero.cell);
      reading.show(found, speak);
      scale.point(found?.weight);
      speak = false;
      shown.described = false;
    }
    if (turned) small.stale();
    Object.assign(root.dataset, { iteration, head, playing: player.playing });
    const unfinished = small.paint(frame, look);
    // Words are for a reader at rest: while it plays, twice a second is enough.
    if (!shown.described && !turned && (!player.playing || now - shown.describedAt > WORDS_EVERY)) {
      hero.canvas.setAttribute("aria-label", describe(headTitle(trace.heads[head]!), when, weights, labels));
      words.update(when, weights);
      Object.assign(shown, { described: true, describedAt: now });
    }
    Object.assign(shown, { frame, blend, dirty: false });
    if (turned) options.onFrame?.(iteration);
    return player.playing || unfinished || !shown.described;
  }

  root.addEventListener(
    "keydown",
    (event) => {
      const target = event.target as Element;
      const action = keyAction(event);
      // A select, a summary and the damping know what to do with their own keys.
      if (!action || target.matches("select, summary, .cot-range")) return;
      if (action === "toggle" && isPlainButton(target)) return;
      event.preventDefault();
      event.stopPropagation();
      if (action === "toggle") toggle();
      else if (action === "first") seek(0);
      else if (action === "last") seek(frames - 1);
      else step(action.step);
    },
    { signal },
  );
  calm.addEventListener(
    "change",
    () => {
      player.pause();
      player.smooth = !calm.matches;
      if (calm.matches) player.rate = Math.min(player.rate, CALM_RATES.at(-1)!);
      refresh();
    },
    { signal },
  );

  function destroy(): void {
    life.abort();
    root.remove();
  }

  const request = animationLoop(draw, signal);
  selector.select(head);
  const onSize = (found: number) => {
    width = found;
    theme.check();
    layOut();
    if (draw(performance.now())) request();
  };
  watchSize(host, onSize, signal);
  if (options.state?.playing || (options.autoplay && !calm.matches)) toggle();

  return {
    get state() {
      const { frame, playing, rate } = player;
      const iteration = model.iterationOf(frame);
      return { head, iteration, atEnd: frame === frames - 1, playing, rate, loop: player.loop };
    },
    play: asking(() => player.play()),
    pause: asking(() => player.pause()),
    showIteration,
    showHead,
    destroy,
  };
}
