/** The ranks view: what distributed sites exchanged while they trained, in charts that stand at one step. */
import { type RanksTrace, sentUntil } from "cotangent/trace";
import { animationLoop } from "../common/animation.js";
import { CALM_RATES, chooseRate, RATES } from "../common/clock.js";
import { keyAction } from "../common/keys.js";
import { Player } from "../common/player.js";
import { watchSize } from "../common/size.js";
import { applyScheme, watchTheme } from "../common/theme.js";
import { transport } from "../common/transport.js";
import { charts } from "./charts.js";
import { layerSelect } from "./layer-select.js";
import { type Look, lookOf } from "./look.js";
import { isSameRun, type RanksModel, ranksModel } from "./model.js";
import type { RanksView, RanksViewOptions, RanksViewState } from "./options.js";
import { page } from "./page.js";
import type { Place } from "./panel.js";
import { alternative } from "./table.js";
import { thetaControl } from "../common/theta.js";
import { byteCount, noSpectra, ranksInWords } from "./wording.js";

/** Two columns from here on. */
const WIDE = 860;
const [GAP, MARGIN, MOST] = [32, 2, 1280];
/** Milliseconds between two updates of the text alternative while playing. */
const WORDS_EVERY = 500;

/** Where a reader starts: at the end, or where they were before. */
function openPlayer(model: RanksModel, state: RanksViewState | undefined, rates: readonly number[]): Player {
  const { frames } = model;
  const wasElsewhere = state && !state.atEnd;
  const player = new Player({
    frames,
    smooth: false,
    frame: wasElsewhere ? model.frameNear(state.step) : frames - 1,
    // While a run goes on there are ever more steps: a speed that nobody chose is chosen anew.
    rate: rates.find((rate) => rate === state?.rate) ?? chooseRate(frames, rates),
  });
  player.loop = state?.loop ?? false;
  if (wasElsewhere) player.seek(player.frame);
  return player;
}

/**
 * Draw a trace into `host`. The view owns what is inside the host until it is destroyed.
 * @param trace as `decodeRanksTrace` returns it; it is read, never changed
 * @param options plotly.js is among them: the charts are its
 */
export function ranksView(host: HTMLElement, trace: RanksTrace, options: RanksViewOptions): RanksView {
  let model = ranksModel(trace);
  const life = new AbortController();
  const { signal } = life;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const rates = calm.matches ? CALM_RATES : RATES;
  const own = trace.method.theta;
  let player = openPlayer(model, options.state, rates);
  let theta = options.state?.hasTheta ? options.state.theta : own;
  let layer = model.outer.includes(options.state?.layer ?? -1) ? options.state!.layer : (model.first ?? 0);
  let chosenRate = options.state?.rate;
  let look: Look | undefined;
  /** What is on the screen, so that only what changed is drawn anew. */
  const shown = { frame: -1, words: "", wordsAt: -Infinity };

  const place = (): Place => ({ frame: player.frame, step: model.stepOf(player.frame), theta, layer });
  const asking =
    <Arguments extends readonly unknown[]>(act: (...args: Arguments) => void) =>
    (...args: Arguments): void => {
      act(...args);
      request();
    };
  const seek = asking((to: number) => player.seek(to));
  const toggle = asking(() => player.toggle());
  const step = asking((by: number) => player.step(by));
  const showStep = (wanted: number) => seek(model.frameNear(wanted));
  const showTheta = asking((next: number) => {
    if (next >= 0 && next < 1 && model.singularValues > 0) theta = next;
  });
  const showLayer = asking((next: number) => {
    if (model.outer.includes(next)) layer = next;
  });
  const rate = (value: number) => (chosenRate = player.rate = value);
  const loop = (on: boolean) => (player.loop = on);
  const fail = (error: unknown) => {
    if (signal.aborted) return;
    destroy();
    if (!options.onError) throw error;
    options.onError(error);
  };

  // The parts.
  const controls = transport(
    { last: trace.steps - 1, single: model.frames < 2, rates, rate: player.rate, loop: player.loop, unit: "steps", name: "Step" },
    { toggle, step, seek: showStep, rate, loop },
    signal,
  ); // prettier-ignore
  const thetas = thetaControl(
    { theta: own, name: "run", what: "the θ of the run" },
    model.singularValues > 0 ? undefined : noSpectra(model),
    showTheta,
    signal,
  );
  const layers = layerSelect(model, showLayer, signal);
  const drawings = charts(
    { ranks: thetas.element, sigma: layers.element },
    { plotly: options.plotly, onStep: showStep, onError: fail },
    signal,
  );
  const words = alternative(model, asking(() => (shown.words = "")), signal); // prettier-ignore
  const sheet = page(model, {
    transport: controls.bar,
    slider: controls.slider,
    panels: drawings.elements,
    alternative: words.element,
  });
  const root = sheet.element;
  host.replaceChildren(root);

  // The looks.
  const onTheme = () => {
    applyScheme(root, theme.current.scheme);
    if (look) look = lookOf(root, theme.current, look.width);
    drawings.invalidate();
    request();
  };
  const theme = watchTheme(root, onTheme, signal);
  applyScheme(root, theme.current.scheme);

  function layOut(width: number): void {
    const room = Math.min(width - 2 * MARGIN, MOST);
    const isWide = room >= WIDE;
    root.dataset.stacked = String(!isWide);
    root.style.setProperty("--cot-total", `${room}px`);
    root.style.setProperty("--cot-gutter", "0px");
    look = lookOf(root, theme.current, Math.floor(isWide ? (room - GAP) / 2 : room));
    drawings.invalidate();
  }

  function draw(now: number): boolean {
    // A host that was thrown away without a goodbye must not keep the page busy.
    if (!root.isConnected) player.pause();
    player.tick(now);
    if (!look) return false;
    try {
      return drawFrame(now, look);
    } catch (error) {
      fail(error);
      return false;
    }
  }

  function drawFrame(now: number, look: Look): boolean {
    const here = place();
    const moved = here.frame !== shown.frame;
    drawings.draw(model, here, look, moved);
    const { steps, bytes } = model.trace;
    const counter = `step ${here.step} of ${steps - 1}`;
    const detail = `${byteCount(sentUntil(model.trace, bytes.up, here.frame))} up so far`;
    controls.update({ at: here.step, playing: player.playing, rate: player.rate, counter, detail, spoken: `${counter}, ${detail}` }); // prettier-ignore
    layers.update(layer);
    Object.assign(root.dataset, { step: here.step, theta, layer, playing: player.playing });
    const key = JSON.stringify(here);
    // Words are for a reader at rest: while it plays, twice a second is enough.
    const late = key !== shown.words && player.playing && now - shown.wordsAt < WORDS_EVERY;
    if (key !== shown.words && !late) {
      drawings.caption(model, here);
      thetas.update(theta, ranksInWords(model, here));
      words.update(model, here);
      Object.assign(shown, { words: key, wordsAt: now });
    }
    shown.frame = here.frame;
    if (moved) options.onStep?.(here.step);
    return player.playing || late;
  }

  root.addEventListener(
    "keydown",
    (event) => {
      const target = event.target as Element;
      const action = keyAction(event);
      // A select, a summary, the θ slider and a table know what to do with their own keys.
      if (!action || target.matches("select, summary, .cot-theta-slider, .cot-table-scroll")) return;
      if (action === "toggle" && target.matches("button")) return;
      event.preventDefault();
      event.stopPropagation();
      if (action === "toggle") toggle();
      else if (action === "first") seek(0);
      else if (action === "last") seek(model.frames - 1);
      else step(action.step);
    },
    { signal },
  );

  function destroy(): void {
    life.abort();
    root.remove();
  }

  const state = (): RanksViewState => {
    const { frame, playing, loop } = player;
    const atEnd = frame === model.frames - 1;
    return { step: model.stepOf(frame), atEnd, theta, hasTheta: theta !== own, layer, playing, rate: chosenRate, loop }; // prettier-ignore
  };

  function update(next: RanksTrace): boolean {
    const found = ranksModel(next);
    if (signal.aborted || !isSameRun(model, found)) return false;
    const { playing, ...stood } = state();
    model = found;
    player = openPlayer(model, { ...stood, playing }, rates);
    if (playing && !stood.atEnd) player.play();
    controls.slider.max = String(next.steps - 1);
    sheet.update(model);
    drawings.invalidate();
    Object.assign(shown, { frame: -1, words: "" });
    request();
    return true;
  }

  const request = animationLoop(draw, signal);
  const onSize = (width: number) => {
    theme.check();
    layOut(width);
    if (draw(performance.now())) request();
  };
  watchSize(host, onSize, signal);
  if (options.state?.playing && !calm.matches) toggle();

  return {
    get state() {
      return state();
    },
    drawn: () => drawings.drawn(),
    update,
    play: asking(() => player.play()),
    pause: asking(() => player.pause()),
    showStep,
    showTheta,
    showLayer,
    destroy,
  };
}
