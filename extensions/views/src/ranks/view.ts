/** The ranks view: what distributed sites exchanged while they trained, in charts that stand at one step. */
import { type RanksTrace, sentUntil } from "cotangent/trace";
import { animationLoop } from "../common/animation.js";
import { CALM_RATES, chooseRate, RATES } from "../common/clock.js";
import { keyAction } from "../common/keys.js";
import { Player } from "../common/player.js";
import { watchSize } from "../common/size.js";
import { applyScheme, watchTheme } from "../common/theme.js";
import { transport } from "../common/transport.js";
import { layerSelect } from "./layer-select.js";
import { type Look, lookOf } from "./look.js";
import { type RanksModel, ranksModel } from "./model.js";
import type { RanksView, RanksViewOptions, RanksViewState } from "./options.js";
import { frame, page } from "./page.js";
import { panels } from "./panels.js";
import type { Panel, Place } from "./panel.js";
import type { Plotly } from "./plotly.js";
import { layersDrawn } from "./rank-lines.js";
import { stage } from "./stage.js";
import { alternative } from "./table.js";
import { thetaControl } from "./theta.js";
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
  const model = ranksModel(trace);
  const { frames } = model;
  const life = new AbortController();
  const { signal } = life;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const rates = calm.matches ? CALM_RATES : RATES;
  const own = trace.method.theta;
  const player = openPlayer(model, options.state, rates);
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

  // The parts.
  const controls = transport(
    {
      last: trace.steps - 1,
      single: frames < 2,
      rates,
      rate: player.rate,
      loop: player.loop,
      unit: "steps",
      name: "Step",
    },
    {
      toggle,
      step,
      seek: showStep,
      rate: (value) => (chosenRate = player.rate = value),
      loop: (on) => (player.loop = on),
    },
    signal,
  );
  const thetas = thetaControl(
    own,
    model.singularValues > 0 ? undefined : noSpectra(model),
    showTheta,
    signal,
  );
  const layers = layerSelect(model, showLayer, signal);
  const controlsOf: Readonly<Record<string, HTMLElement>> = { ranks: thetas.element, sigma: layers.element };
  const words = alternative(model, () => { shown.words = ""; request(); }, signal); // prettier-ignore
  let loading: Promise<Plotly> | undefined;
  const load = () => (loading ??= options.plotly());
  const fail = (error: unknown) => {
    if (signal.aborted) return;
    destroy();
    if (!options.onError) throw error;
    options.onError(error);
  };
  const goTo = (panel: Panel) => (x: number) => {
    if (panel.hasSteps && Number.isFinite(x)) showStep(x);
  };
  const places = panels.map((panel) => {
    const control = controlsOf[panel.name];
    const made = frame(panel, control ? [control] : []);
    return { panel, ...made, chart: stage(made.stage, load, goTo(panel), fail, signal), drawn: "" };
  });
  const last = frames - 1;
  const sent = { up: sentUntil(trace, trace.bytes.up, last), down: sentUntil(trace, trace.bytes.down, last) };
  const root = page(model, sent, layersDrawn(model).length, {
    transport: controls.bar,
    slider: controls.slider,
    panels: places.map(({ element }) => element),
    alternative: words.element,
  });
  host.replaceChildren(root);

  // The looks.
  const onTheme = () => {
    applyScheme(root, theme.current.scheme);
    if (look) look = lookOf(root, theme.current, look.width);
    for (const each of places) each.drawn = "";
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
    for (const each of places) each.drawn = "";
  }

  function drawPanel(at: (typeof places)[number], here: Place, moved: boolean): void {
    const { panel, chart } = at;
    const needs = `${panel.dependsOn(here)}|${look!.width}`;
    const shapes = panel.shapes?.(model, here, look!);
    if (needs !== at.drawn) {
      const found = panel.chart(model, here, look!);
      at.say(typeof found === "string" ? found : undefined);
      // Its room is kept from the start, so that nothing below jumps when it comes.
      if (typeof found !== "string") at.stage.style.minHeight = `${String(found.layout["height"])}px`;
      if (typeof found !== "string")
        chart.draw({ ...found, layout: { ...found.layout, ...(shapes && { shapes }) } });
      at.drawn = needs;
    } else if (moved && shapes && !at.stage.hidden) chart.shapes(shapes);
  }

  function draw(now: number): boolean {
    // A host that was thrown away without a goodbye must not keep the page busy.
    if (!root.isConnected) player.pause();
    player.tick(now);
    if (!look) return false;
    try {
      const here = place();
      const moved = here.frame !== shown.frame;
      for (const each of places) drawPanel(each, here, moved);
      const counter = `step ${here.step} of ${trace.steps - 1}`;
      const detail = `${byteCount(sentUntil(trace, trace.bytes.up, here.frame))} up so far`;
      controls.update({ at: here.step, playing: player.playing, rate: player.rate, counter, detail, spoken: `${counter}, ${detail}` }); // prettier-ignore
      layers.update(layer);
      Object.assign(root.dataset, { step: here.step, theta, layer, playing: player.playing });
      const key = JSON.stringify(here);
      // Words are for a reader at rest: while it plays, twice a second is enough.
      const late = key !== shown.words && player.playing && now - shown.wordsAt < WORDS_EVERY;
      if (key !== shown.words && !late) {
        for (const { panel, caption } of places) caption(panel.caption(model, here));
        thetas.update(theta, ranksInWords(model, here));
        words.update(here);
        Object.assign(shown, { words: key, wordsAt: now });
      }
      shown.frame = here.frame;
      if (moved) options.onStep?.(here.step);
      return player.playing || late;
    } catch (error) {
      fail(error);
      return false;
    }
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
      else if (action === "last") seek(frames - 1);
      else step(action.step);
    },
    { signal },
  );

  function destroy(): void {
    life.abort();
    root.remove();
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
      const { frame, playing, loop } = player;
      return { step: model.stepOf(frame), atEnd: frame === frames - 1, theta, hasTheta: theta !== own, layer, playing, rate: chosenRate, loop }; // prettier-ignore
    },
    async drawn() {
      await Promise.all(places.map(({ chart }) => chart.drawn()));
    },
    play: asking(() => player.play()),
    pause: asking(() => player.pause()),
    showStep,
    showTheta,
    showLayer,
    destroy,
  };
}
