/** The graph of the tape on a canvas: pan by dragging, zoom by wheel or pinch or buttons, point at a node to go there. */
import { html, OWN_KEYS } from "../../common/dom.js";
import { type Box, type Camera, fit, following, opening, type Room, zoomed } from "./camera.js";
import { layOutScene } from "./off-thread.js";
import { BOX, centreOf, type ItemState, type Look, paintGraph } from "./painter.js";
import type { Places } from "./layout.js";
import { type Scene, sceneOf } from "./scene.js";
import type { TapeModel } from "../model.js";

export interface GraphStates {
  stateOf(node: number): ItemState;
  shareOf(node: number): number;
}

export interface Graph {
  readonly element: HTMLElement;
  /** Draw repeated blocks once, or every node. */
  fold(isFolded: boolean): void;
  resize(width: number, ratio: number): void;
  /** Whether there is anything to fold. */
  readonly hasBlocks: boolean;
  /** @param path nodes of the path that is explained */
  paint(current: number, path: readonly number[], states: GraphStates, look: Look): void;
}

const HEIGHT = 470;

function boxOf(places: Places, count: number): Box {
  if (count === 0) return { left: 0, right: 1, top: 0, bottom: 1 };
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let item = 0; item < count; item++) {
    const [x, y] = centreOf(places, item);
    box.left = Math.min(box.left, x - BOX.width / 2);
    // Room for what a loop hands on, and above for its count.
    box.right = Math.max(box.right, x + BOX.width / 2 + 20);
    box.top = Math.min(box.top, y - BOX.height / 2 - 16);
    box.bottom = Math.max(box.bottom, y + BOX.height / 2 + 12);
  }
  return box;
}

/**
 * @param onPick a node was pointed at
 * @param onChange the graph looks otherwise: paint it
 */
export function tapeGraph(
  model: TapeModel,
  onPick: (node: number) => void,
  onChange: () => void,
  signal: AbortSignal,
): Graph {
  const canvas = html("canvas", {
    class: "cot-tape-canvas",
    role: "img",
    "aria-label": "The tape as a graph",
  });
  const wait = html("p", { class: "cot-tape-wait" }, "Arranging the graph …");
  const tool = (label: string, text: string, act: () => void) => {
    const element = html("button", { type: "button", class: "cot-button", title: label, "aria-label": label, ...OWN_KEYS }, text); // prettier-ignore
    element.addEventListener("click", act, { signal });
    return element;
  };
  const middle = () => [room.width / 2, room.height / 2] as const;
  const move = (next: Camera) => {
    camera = next;
    onChange();
  };
  const tools = html(
    "div",
    { class: "cot-tape-tools", role: "group", "aria-label": "Graph" },
    tool("Zoom in", "+", () => move(zoomed(camera, 1.4, ...middle()))),
    tool("Zoom out", "−", () => move(zoomed(camera, 1 / 1.4, ...middle()))),
    tool("Show all of it", "⤢", () => move(fit(box, room))),
  );
  const element = html("div", { class: "cot-tape-graph" }, canvas, wait, tools);
  const pen = canvas.getContext("2d")!;

  let room: Room = { width: 0, height: HEIGHT };
  let ratio = 1;
  let camera: Camera = { scale: 1, x: 0, y: 0 };
  let scene: Scene = sceneOf(model.trace, true);
  const hasBlocks = scene.blocks.length > 0;
  let places: Places | undefined;
  let box: Box = { left: 0, right: 1, top: 0, bottom: 1 };
  let playhead = -1;
  let isOpened = false;
  /** Where the layout of this scene is at work; another scene ends it. */
  let work = new AbortController();
  signal.addEventListener("abort", () => work.abort());

  function arrange(): void {
    work.abort();
    work = new AbortController();
    places = undefined;
    isOpened = false;
    wait.hidden = false;
    layOutScene(
      scene,
      (found) => {
        places = found;
        box = boxOf(found, scene.count);
        wait.hidden = true;
        onChange();
      },
      work.signal,
    );
  }

  function itemAt(event: MouseEvent): number {
    if (!places) return -1;
    const bounds = canvas.getBoundingClientRect();
    const x = (event.clientX - bounds.left - camera.x) / camera.scale;
    const y = (event.clientY - bounds.top - camera.y) / camera.scale;
    // From far away a box is smaller than a finger.
    const slack = 4 / camera.scale;
    let [nearest, least] = [-1, Infinity];
    for (let item = 0; item < scene.count; item++) {
      const [cx, cy] = centreOf(places, item);
      const [dx, dy] = [Math.abs(cx - x) - BOX.width / 2, Math.abs(cy - y) - BOX.height / 2];
      const distance = Math.max(dx, dy);
      if (distance <= slack && distance < least) [nearest, least] = [item, distance];
    }
    return nearest;
  }

  let drag: { readonly x: number; readonly y: number; readonly from: Camera; moved: boolean } | undefined;
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      drag = { x: event.clientX, y: event.clientY, from: camera, moved: false };
      canvas.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (!drag) {
        canvas.style.cursor = itemAt(event) >= 0 ? "pointer" : "grab";
        return;
      }
      const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
      if (Math.abs(dx) + Math.abs(dy) > 3) drag.moved = true;
      if (drag.moved) move({ ...drag.from, x: drag.from.x + dx, y: drag.from.y + dy });
    },
    { signal },
  );
  canvas.addEventListener(
    "pointerup",
    (event) => {
      const item = drag && !drag.moved ? itemAt(event) : -1;
      drag = undefined;
      if (item >= 0) onPick(scene.nodeOf(item, playhead));
    },
    { signal },
  );
  canvas.addEventListener("pointercancel", () => (drag = undefined), { signal });
  canvas.addEventListener(
    "wheel",
    (event) => {
      // The page scrolls under the mouse as it always does; with Ctrl (a pinch, too) the graph zooms.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const bounds = canvas.getBoundingClientRect();
      const factor = Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 120);
      move(zoomed(camera, factor, event.clientX - bounds.left, event.clientY - bounds.top));
    },
    { signal, passive: false },
  );

  arrange();
  return {
    element,
    hasBlocks,
    fold(isFolded) {
      scene = sceneOf(model.trace, isFolded);
      arrange();
    },
    resize(width, atRatio) {
      room = { width, height: HEIGHT };
      ratio = atRatio;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(HEIGHT * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${HEIGHT}px`;
      isOpened = false;
    },
    paint(current, path, states, look) {
      if (!places || room.width === 0) return;
      const item = current < 0 ? -1 : scene.itemOf(current);
      const [x, y] = item < 0 ? [0, 0] : centreOf(places, item);
      if (!isOpened) camera = opening(box, x, y, room);
      else if (current !== playhead && !drag) camera = following(camera, x, y, room);
      isOpened = true;
      playhead = current;
      paintGraph(
        pen,
        {
          scene,
          places,
          camera,
          room,
          ratio,
          current: item,
          path: path.map((node) => scene.itemOf(node)),
          stateOf: (of) => states.stateOf(scene.nodeOf(of, current)),
          shareOf: (of) => states.shareOf(scene.nodeOf(of, current)),
        },
        look,
      );
    },
  };
}
