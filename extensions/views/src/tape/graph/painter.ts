/** Drawing the graph: boxes with words near by, boxes far away, and points from very far, so that any number is quick. */
import { css, type Rgb, type Scheme, sequential } from "../../common/colour.js";
import { elide } from "../../common/labels.js";
import type { Camera, Room } from "./camera.js";
import type { Places } from "./layout.js";
import type { Scene } from "./scene.js";

/** In pixels at the scale 1. */
export const BOX = { width: 104, height: 36 } as const;
export const PITCH = { x: 122, y: 60 } as const;

/** Below this scale a box has no words; below the next it is a point. */
const WORDS = 0.45;
const BOXES = 0.06;
/** Edges drawn in one frame at most. */
const MOST_EDGES = 12_000;

export interface Look {
  readonly scheme: Scheme;
  readonly page: Rgb;
  readonly font: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly strong: string;
  readonly accent: string;
  readonly raised: string;
  readonly bad: string;
}

/** What is known of an item at the step that is shown. */
export interface ItemState {
  readonly name: string;
  readonly number: string;
  /** Before its value, with it, and with its adjoint. */
  readonly known: "nothing" | "value" | "adjoint";
  /** |v · v̄| relative to the largest; used once its adjoint is known. */
  readonly share: number;
  readonly isKink: boolean;
  /** A weight whose gradient is a product of two factors, or that product. */
  readonly isProduct: boolean;
  readonly isBad: boolean;
}

export interface Picture {
  readonly scene: Scene;
  readonly places: Places;
  readonly camera: Camera;
  readonly room: Room;
  readonly ratio: number;
  readonly current: number;
  /** Items of the path that is explained, from the output down. */
  readonly path: readonly number[];
  stateOf(item: number): ItemState;
  /** For points: 0 … 1, or negative where the value is not there yet. */
  shareOf(item: number): number;
}

export const centreOf = ({ layer, place }: Places, item: number): [x: number, y: number] => [
  place[item]! * PITCH.x,
  layer[item]! * PITCH.y,
];

/** The square root, so that a hundredth of the largest is still a tenth of the way. */
export const shadeOf = (scheme: Scheme, share: number): Rgb => sequential(scheme, 0.04 + 0.82 * Math.sqrt(share)); // prettier-ignore

const inkOn = ([r, g, b]: Rgb): string => (0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#16191d" : "#ffffff");

export function paintGraph(pen: CanvasRenderingContext2D, picture: Picture, look: Look): void {
  const { room, ratio, camera } = picture;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, room.width, room.height);
  if (camera.scale < BOXES) paintPoints(pen, picture, look);
  else {
    const frames = framesOf(picture);
    paintFrames(pen, frames, camera, look);
    paintEdges(pen, picture, look);
    paintBoxes(pen, picture, look);
    paintCounts(pen, frames, camera, look);
  }
}

/** One pixel or a few for each item, written straight into the picture. */
function paintPoints(pen: CanvasRenderingContext2D, picture: Picture, look: Look): void {
  const { scene, places, camera, room, ratio, current } = picture;
  const [width, height] = [Math.round(room.width * ratio), Math.round(room.height * ratio)];
  if (width === 0 || height === 0) return;
  const image = pen.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const table = Uint32Array.from({ length: 256 }, (_, i) => {
    const [r, g, b] = shadeOf(look.scheme, 0.15 + 0.85 * (i / 255));
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
  const [r, g, b] = look.scheme === "dark" ? [70, 74, 80] : [205, 208, 213];
  const ghost = ((255 << 24) | (b! << 16) | (g! << 8) | r!) >>> 0;
  const size = Math.max(1, Math.round(BOX.height * camera.scale * ratio));
  const [sx, sy] = [camera.scale * PITCH.x * ratio, camera.scale * PITCH.y * ratio];
  const [ox, oy] = [camera.x * ratio, camera.y * ratio];
  for (let item = 0; item < scene.count; item++) {
    const left = Math.round(places.place[item]! * sx + ox);
    const top = Math.round(places.layer[item]! * sy + oy);
    if (left < 0 || top < 0 || left + size > width || top + size > height) continue;
    const share = picture.shareOf(item);
    const colour = share < 0 ? ghost : table[Math.round(255 * share)]!;
    for (let y = top; y < top + size; y++) pixels.fill(colour, y * width + left, y * width + left + size);
  }
  pen.putImageData(image, 0, 0);
  const [x, y] = centreOf(places, current);
  pen.fillStyle = look.accent;
  pen.beginPath();
  pen.arc(camera.scale * x + camera.x, camera.scale * y + camera.y, 5, 0, 2 * Math.PI);
  pen.fill();
}

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly count: number;
}

/** More repeated blocks than this are left without frames: they would be a pattern, not a sign. */
const MOST_FRAMES = 200;

/** On the screen, around every repeated block. */
function framesOf({ scene, places, camera }: Picture): Frame[] {
  if (scene.blocks.length > MOST_FRAMES) return [];
  const boxes = scene.blocks.map(() => ({
    left: Infinity,
    right: -Infinity,
    top: Infinity,
    bottom: -Infinity,
  }));
  for (let item = 0; item < scene.count; item++) {
    const box = boxes[scene.block[item]!];
    if (!box) continue;
    const [x, y] = centreOf(places, item);
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  const { scale } = camera;
  const pad = 8;
  return boxes.map(({ left, right, top, bottom }, b) => ({
    x: scale * (left - BOX.width / 2 - pad) + camera.x,
    y: scale * (top - BOX.height / 2 - pad) + camera.y,
    width: scale * (right - left + BOX.width + 2 * pad),
    height: scale * (bottom - top + BOX.height + 2 * pad),
    count: scene.blocks[b]!.count,
  }));
}

function paintFrames(
  pen: CanvasRenderingContext2D,
  frames: readonly Frame[],
  { scale }: Camera,
  look: Look,
): void {
  // prettier-ignore
  pen.lineWidth = 1;
  for (const { x, y, width, height } of frames) {
    pen.beginPath();
    pen.roundRect(x, y, width, height, 6 * Math.min(1, scale));
    pen.fillStyle = look.raised;
    pen.globalAlpha = 0.55;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = look.strong;
    pen.setLineDash([3, 3]);
    pen.stroke();
    pen.setLineDash([]);
  }
}

/** How often each block is repeated, on its frame's upper right corner, above everything. */
function paintCounts(
  pen: CanvasRenderingContext2D,
  frames: readonly Frame[],
  { scale }: Camera,
  look: Look,
): void {
  // prettier-ignore
  const size = Math.max(9, Math.min(11, 12 * scale));
  pen.font = `600 ${size}px ${look.font}`;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  for (const { x, y, width, count } of frames) {
    const text = `× ${count.toLocaleString("en")}`;
    const room = pen.measureText(text).width + 8;
    pen.fillStyle = look.accent;
    pen.beginPath();
    pen.roundRect(x + width - room, y - size / 2 - 3, room, size + 6, 4);
    pen.fill();
    pen.fillStyle = look.scheme === "dark" ? "#10151a" : "#ffffff";
    pen.fillText(text, x + width - 4, y);
  }
}

function paintEdges(pen: CanvasRenderingContext2D, picture: Picture, look: Look): void {
  const { scene, places, camera, room, path } = picture;
  const { scale } = camera;
  const half = (BOX.height / 2) * scale;
  const draw = (from: number, to: number): boolean => {
    const x1 = places.place[from]! * PITCH.x * scale + camera.x;
    const y1 = places.layer[from]! * PITCH.y * scale + camera.y + half;
    const x2 = places.place[to]! * PITCH.x * scale + camera.x;
    const y2 = places.layer[to]! * PITCH.y * scale + camera.y - half;
    if (Math.max(x1, x2) < -90 || Math.min(x1, x2) > room.width + 90) return false;
    if (Math.max(y1, y2) < 0 || Math.min(y1, y2) > room.height) return false;
    pen.moveTo(x1, y1);
    if (y2 > y1) {
      const bend = Math.min((y2 - y1) / 2, 60 * scale);
      pen.bezierCurveTo(x1, y1 + bend, x2, y2 - bend, x2, y2);
    } else {
      // What a loop hands on goes back up beside it.
      const side = Math.max(x1, x2) + 92 * scale;
      pen.bezierCurveTo(side, y1 + 26 * scale, side, y2 - 26 * scale, x2, y2);
    }
    return true;
  };
  pen.lineWidth = Math.max(0.6, Math.min(1.2, scale * 1.4));
  pen.strokeStyle = look.strong;
  pen.beginPath();
  for (let e = 0, drawn = 0; e < scene.from.length && drawn < MOST_EDGES; e++)
    if (draw(scene.from[e]!, scene.to[e]!)) drawn++;
  pen.stroke();
  if (path.length < 2) return;
  pen.lineWidth = Math.max(1.5, 2.4 * scale);
  pen.strokeStyle = look.accent;
  pen.beginPath();
  for (let i = 1; i < path.length; i++) if (path[i] !== path[i - 1]) draw(path[i]!, path[i - 1]!);
  pen.stroke();
}

function paintBoxes(pen: CanvasRenderingContext2D, picture: Picture, look: Look): void {
  const { scene, places, camera, room, current } = picture;
  const { scale } = camera;
  const [width, height] = [BOX.width * scale, BOX.height * scale];
  const hasWords = scale >= WORDS;
  const measure = (text: string) => pen.measureText(text).width;
  const write = (text: string, size: number, x: number, y: number, ink: string, weight = 400, taken = 0) => {
    pen.font = `${weight} ${size * scale}px ${look.font}`;
    pen.fillStyle = ink;
    pen.fillText(elide(text, width - (12 + taken) * scale, measure), x, y);
  };
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (let item = 0; item < scene.count; item++) {
    const left = places.place[item]! * PITCH.x * scale + camera.x - width / 2;
    const top = places.layer[item]! * PITCH.y * scale + camera.y - height / 2;
    if (left > room.width || top > room.height || left + width < 0 || top + height < 0) continue;
    const state = picture.stateOf(item);
    const shade = shadeOf(look.scheme, state.share);
    const isShaded = state.known === "adjoint";
    pen.beginPath();
    if (hasWords) pen.roundRect(left, top, width, height, 5 * scale);
    else pen.rect(left, top, width, height);
    pen.fillStyle = isShaded ? css(shade) : css(look.page);
    pen.fill();
    const isCurrent = item === current;
    pen.strokeStyle = isCurrent ? look.accent : state.isBad ? look.bad : state.known === "nothing" ? look.line : look.strong; // prettier-ignore
    pen.lineWidth = isCurrent ? 2.5 : state.isBad ? 2 : 1;
    if (state.isKink) pen.setLineDash([4 * scale, 3 * scale]);
    pen.stroke();
    pen.setLineDash([]);
    if (!hasWords) continue;
    const ink = isShaded ? inkOn(shade) : state.known === "nothing" ? look.faint : look.text;
    write(state.name, 12, left + 7 * scale, top + 12 * scale, ink, 600, state.isProduct ? 15 : 0);
    if (state.isProduct) paintBars(pen, left + width - 7 * scale, top + 7 * scale, scale, ink);
    write(state.number, 11, left + 7 * scale, top + 26 * scale, ink);
  }
}

/** Three bars that fall, like singular values: in the upper right corner of a box. */
function paintBars(
  pen: CanvasRenderingContext2D,
  right: number,
  top: number,
  scale: number,
  ink: string,
): void {
  pen.fillStyle = ink;
  [10, 6, 3].forEach((height, i) =>
    pen.fillRect(right - (3 - i) * 4 * scale, top + (10 - height) * scale, 3 * scale, height * scale),
  );
}
