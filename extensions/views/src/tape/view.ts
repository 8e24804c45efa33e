/** The tape view, of one path: what a function computes played forwards, and its adjoints played backwards, beside its source. */
import { shortNumber, TapeFlag, type TapeTrace } from "cotangent/trace";
import { animationLoop } from "../common/animation.js";
import { CALM_RATES, chooseRate, RATES } from "../common/clock.js";
import { html, OWN_KEYS } from "../common/dom.js";
import { keyAction } from "../common/keys.js";
import { Player } from "../common/player.js";
import { residualStrip } from "../common/residual-strip.js";
import { watchSize } from "../common/size.js";
import { applyScheme, type Theme, watchTheme } from "../common/theme.js";
import { transport } from "../common/transport.js";
import { type GraphStates, tapeGraph } from "./graph/index.js";
import { listing } from "./listing.js";
import { lookOf, paintScale } from "./look.js";
import { tapeModel } from "./model.js";
import type { TapeView, TapeViewOptions } from "./options.js";
import { page } from "./page.js";
import { productPanel } from "./products.js";
import { readout } from "./readout.js";
import { sourcePanel } from "./source.js";
import { counterOf } from "./wording.js";

/** Room at the left for the labels of the strip, and at the right for half a label. */
const GUTTER = 62;
const EDGE = 10;
/** Width of the slider's thumb: its centre stands above the marker of the strip. */
const THUMB = 14;
/** Narrower than this, graph and source stand one below the other. */
const STACKED = 760;
/** Milliseconds without a step before a reader is taken to rest, and the adjoint is explained. */
const REST = 150;

/** Buttons act on the space bar by themselves. */
const actsBySpace = (element: Element): boolean => element.matches("button, input[type=checkbox]");

/**
 * Draw a trace into `host`. The view owns what is inside the host until it is destroyed.
 * @param trace as `decodeTapeTrace` returns it; it is read, never changed
 */
export function pathView(host: HTMLElement, trace: TapeTrace, options: TapeViewOptions = {}): TapeView {
  const model = tapeModel(trace);
  const { N, steps, shares, sizes } = model;
  const { nodes } = trace;
  const life = new AbortController();
  const { signal } = life;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const slow = calm.matches ? CALM_RATES : RATES;
  // A long tape is not played one node at a time: whole in about ten seconds at the fastest.
  const fast = [200, 1000, 10_000, 100_000].filter((rate) => !calm.matches && rate < steps);
  const rates: readonly number[] = [...slow, ...fast];
  const player = new Player({
    frames: Math.max(steps, 1),
    smooth: false,
    frame: options.state?.step ?? steps - 1,
    rate: rates.find((rate) => rate === options.state?.rate) ?? (calm.matches ? 1 : chooseRate(steps, rates)),
  });
  player.loop = options.state?.loop ?? false;
  let folded = options.state?.folded ?? true;
  let width = 0;
  let explained: readonly number[] = [];
  const shown = { frame: -1, dirty: true, movedAt: 0, isExplained: false };

  // What the reader asks for.
  const refresh = () => {
    shown.dirty = true;
    request();
  };
  const asking =
    <Arguments extends readonly unknown[]>(act: (...args: Arguments) => void) =>
    (...args: Arguments): void => {
      act(...args);
      request();
    };
  const seek = asking((step: number) => player.seek(step));
  const toggle = asking(() => player.toggle());
  const step = asking((by: number) => player.step(by));
  const showNode = (node: number) => seek(model.stepOf(node, model.isBackward(player.frame)));
  /** An expression of a loop has many nodes: the one after that which is shown, round and round. */
  const showNext = (list: readonly number[]) => {
    const now = model.nodeAt(player.frame);
    const next = model.isBackward(player.frame)
      ? (list.findLast((node) => node < now) ?? list.at(-1))
      : (list.find((node) => node > now) ?? list[0]);
    showNode(next!);
  };

  // The parts.
  const graph = tapeGraph(model, showNode, refresh, signal);
  const source = sourcePanel(model, showNext, signal);
  const products = productPanel(model, options.state?.theta, refresh, signal);
  const reading = readout(model, products, showNode, signal);
  const controls = transport(
    {
      last: steps - 1,
      single: steps < 2,
      rates,
      rate: player.rate,
      loop: player.loop,
      unit: "steps",
      name: "Step",
    },
    { toggle, step, seek, rate: (value) => (player.rate = value), loop: (on) => (player.loop = on) },
    signal,
  );
  const strip = residualStrip(
    {
      values: sizes,
      name: steps > N ? "|value| forward, then |adjoint| backward" : "|value| forward",
      best: undefined,
      axis: "step",
      nothing: "no numbers: tensors alone",
      isAbsent: (at) => model.isObject(model.nodeAt(at)),
      turn: steps > N ? N - 1 : undefined,
      stored: undefined,
      tolerance: undefined,
    },
    (at) => {
      controls.slider.focus({ preventScroll: true });
      seek(at);
    },
    signal,
  );
  const words = listing(model, () => products.theta, refresh, signal);
  const fold = html("input", { type: "checkbox", ...OWN_KEYS });
  fold.checked = folded;
  fold.addEventListener(
    "change",
    () => {
      folded = fold.checked;
      graph.fold(folded);
      refresh();
    },
    { signal },
  );
  const foldLabel = html("label", { class: "cot-fold" }, fold, "fold repeated blocks");
  foldLabel.hidden = !graph.hasBlocks;
  if (!folded) graph.fold(false);
  const root = page(
    model,
    {
      graph: graph.element,
      graphSettings: [foldLabel],
      source: source.element,
      readout: reading.element,
      transport: controls.bar,
      slider: controls.slider,
      strip: strip.element,
      listing: words.element,
    },
    showNode,
    signal,
  );
  host.replaceChildren(root);

  // The looks.
  const dress = (theme: Theme) => {
    applyScheme(root, theme.scheme);
    source.colour(theme.scheme);
    paintScale(root, theme.scheme);
    return lookOf(root, theme);
  };
  const theme = watchTheme(
    root,
    (next) => {
      look = dress(next);
      refresh();
    },
    signal,
  );
  let look = dress(theme.current);

  function resize(): void {
    const ratio = devicePixelRatio || 1;
    root.dataset.stacked = String(width < STACKED);
    root.style.setProperty("--cot-total", `${width}px`);
    root.style.setProperty("--cot-gutter", `${GUTTER}px`);
    const right = width - EDGE;
    strip.resize(GUTTER, right);
    controls.slider.style.marginLeft = `${GUTTER - THUMB / 2}px`;
    controls.slider.style.width = `${right - GUTTER + THUMB}px`;
    graph.resize(graph.element.clientWidth, ratio);
    shown.dirty = true;
  }

  /** What the graph knows of a node at the step that is shown. */
  function statesAt(node: number, isBackward: boolean): GraphStates {
    const knownOf = (of: number) =>
      isBackward ? (of >= node ? "adjoint" : "value") : of <= node ? "value" : "nothing";
    return {
      stateOf(of) {
        const known = knownOf(of);
        const isObject = model.isObject(of);
        const value = isObject ? model.shapeOf(of) : shortNumber(nodes.value[of]!);
        return {
          name: model.nameOf(of),
          number: known === "nothing" ? "" : known === "value" || isObject ? value : `v̄ ${shortNumber(nodes.adjoint[of]!)}`,
          known,
          share: shares[of]!,
          isProduct: model.products.has(of),
          isKink: (nodes.flags[of]! & (TapeFlag.kink | TapeFlag.step)) !== 0,
          isBad: !model.isObject(of) && !Number.isFinite(nodes.value[of]! + (known === "adjoint" ? nodes.adjoint[of]! : 0)),
        }; // prettier-ignore
      },
      shareOf(of) {
        const known = knownOf(of);
        return known === "adjoint" ? shares[of]! : known === "value" ? 0 : -1;
      },
    };
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
    const turned = frame !== shown.frame;
    const isBackward = steps > 0 && model.isBackward(frame);
    const node = steps > 0 ? model.nodeAt(frame) : -1;
    if (turned) {
      Object.assign(shown, { movedAt: now, isExplained: false });
      explained = [];
      reading.clear();
    }
    const isAtRest = !player.playing && (now - shown.movedAt > REST || shown.frame < 0);
    if (isAtRest && !shown.isExplained) {
      explained = reading.explain(node, isBackward);
      shown.isExplained = true;
      shown.dirty = true;
    }
    if (turned || shown.dirty) {
      graph.paint(node, explained, statesAt(node, isBackward), look);
      source.mark(node);
      reading.show(node, isBackward);
      words.show(node);
      strip.mark(Math.min(frame, Math.max(steps - 1, 0)), frame);
    }
    const counter = counterOf(model, frame);
    const detail = node < 0 ? "" : `${model.numberOf(node)} ${model.nameOf(node)}`;
    controls.update({
      at: frame,
      playing: player.playing,
      rate: player.rate,
      counter,
      detail,
      spoken: `${counter}, ${detail}`,
    });
    Object.assign(root.dataset, { step: frame, playing: player.playing, explained: shown.isExplained });
    Object.assign(shown, { frame, dirty: false });
    if (turned && node >= 0) options.onStep?.(node, isBackward);
    return player.playing || !shown.isExplained;
  }

  root.addEventListener(
    "keydown",
    (event) => {
      const target = event.target as Element;
      const action = keyAction(event);
      // A select, a summary, another slider and a text that scrolls know what to do with their own keys.
      if (!action || target.matches("select, summary, pre, .cot-source, .cot-node input")) return;
      if (action === "toggle" && actsBySpace(target)) return;
      event.preventDefault();
      event.stopPropagation();
      if (action === "toggle") toggle();
      else if (action === "first") seek(0);
      else if (action === "last") seek(steps - 1);
      else step(action.step);
    },
    { signal },
  );

  function destroy(): void {
    life.abort();
    root.remove();
  }

  const request = animationLoop(draw, signal);
  watchSize(
    host,
    (found) => {
      width = found;
      theme.check();
      resize();
      if (draw(performance.now())) request();
    },
    signal,
  );
  if (options.state?.playing) toggle();

  return {
    get state() {
      const { frame, playing, rate, loop } = player;
      const theta = model.products.size > 0 ? { theta: products.theta } : {};
      return { step: frame, playing, rate, loop, folded, ...theta };
    },
    play: asking(() => player.play()),
    pause: asking(() => player.pause()),
    showStep: seek,
    showNode,
    destroy,
  };
}
