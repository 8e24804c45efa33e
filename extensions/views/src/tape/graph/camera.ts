/** Which part of the graph is seen: pure geometry. */

/** Screen = scale · graph + offset, in CSS pixels. */
export interface Camera {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Room {
  readonly width: number;
  readonly height: number;
}

export const MAX_SCALE = 2;
const MIN_SCALE = 1e-5;
/** Smaller than this, nothing can be read: a graph that is larger opens around the playhead instead. */
const LEGIBLE = 0.5;
const MARGIN = 14;

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/** All of it, in the middle, never larger than life. */
export function fit({ left, right, top, bottom }: Box, { width, height }: Room): Camera {
  const scale = clamp(
    Math.min((width - 2 * MARGIN) / (right - left), (height - 2 * MARGIN) / (bottom - top)),
    MIN_SCALE,
    1,
  );
  return {
    scale,
    x: width / 2 - (scale * (left + right)) / 2,
    y: height / 2 - (scale * (top + bottom)) / 2,
  };
}

/** Around a point of the graph. */
export const centred = (x: number, y: number, scale: number, { width, height }: Room): Camera => ({
  scale,
  x: width / 2 - scale * x,
  y: height / 2 - scale * y,
});

/** Where a reader starts: all of it if that can be read, otherwise around a point. */
export function opening(box: Box, x: number, y: number, room: Room): Camera {
  const whole = fit(box, room);
  return whole.scale >= LEGIBLE ? whole : centred(x, y, 0.8, room);
}

/** Zoom by a factor about a point of the screen that stays where it is. */
export function zoomed({ scale, x, y }: Camera, factor: number, atX: number, atY: number): Camera {
  const next = clamp(scale * factor, MIN_SCALE, MAX_SCALE);
  const by = next / scale;
  return { scale: next, x: atX - by * (atX - x), y: atY - by * (atY - y) };
}

/** The camera that shows a point, moved only when the point is not well inside the screen. */
export function following(camera: Camera, x: number, y: number, room: Room): Camera {
  const [atX, atY] = [camera.scale * x + camera.x, camera.scale * y + camera.y];
  const inside = (at: number, size: number) => at > 0.06 * size && at < 0.94 * size;
  if (inside(atX, room.width) && inside(atY, room.height)) return camera;
  return centred(x, y, camera.scale, room);
}
