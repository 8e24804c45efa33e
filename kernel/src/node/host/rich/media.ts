/** Media as MIME bundles: markup, images, data that a front end draws; one row a kind. */
import type { Json } from "../../../core/message.js";

/** Bytes, or text that is base64 already. */
export type Bytes = Uint8Array | ArrayBuffer | string;

const TEXTS = {
  html: "text/html",
  svg: "image/svg+xml",
  markdown: "text/markdown",
  latex: "text/latex",
  javascript: "application/javascript",
  text: "text/plain",
} as const;

const BINARIES = {
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
} as const;

export type TextKind = keyof typeof TEXTS;
export type BinaryKind = keyof typeof BINARIES;

export const textKinds = Object.keys(TEXTS) as readonly TextKind[];
export const binaryKinds = Object.keys(BINARIES) as readonly BinaryKind[];

/** The first bytes by which a file of each kind is known. */
const SIGNATURES: readonly (readonly [BinaryKind, RegExp])[] = [
  ["png", /^\x89PNG/],
  ["jpeg", /^\xff\xd8\xff/],
  ["gif", /^GIF8/],
  ["webp", /^RIFF....WEBP/s],
  ["pdf", /^%PDF/],
];

const bytesOf = (value: Uint8Array | ArrayBuffer): Buffer =>
  value instanceof ArrayBuffer
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);

function base64(value: unknown, kind: string): string {
  if (typeof value === "string") return value.replace(/^data:[^,]*,/, "");
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return bytesOf(value).toString("base64");
  throw new TypeError(`display.${kind} takes bytes (a Buffer, a Uint8Array) or a base64 string.`);
}

export function textBundle(kind: TextKind, value: unknown): Json {
  const text = String(value);
  // Without words beside it, a front end that cannot draw it would show nothing.
  return {
    [TEXTS[kind]]: text,
    ...(kind !== "text" && { "text/plain": kind === "markdown" || kind === "latex" ? text : `[${kind}]` }),
  };
}

export const binaryBundle = (kind: BinaryKind, value: Bytes): Json => ({
  [BINARIES[kind]]: base64(value, kind),
  "text/plain": `[${kind}]`,
});

/** @throws TypeError when `value` is nothing that JSON can say */
export function jsonBundle(value: unknown): Json {
  const text = JSON.stringify(value, null, 2) as string | undefined;
  if (text === undefined) throw new TypeError("display.json takes what JSON can say.");
  return { "application/json": value, "text/plain": text };
}

/** @throws TypeError when the bytes are of no kind that a notebook can show */
export function kindOf(value: Bytes): BinaryKind {
  const head = (
    typeof value === "string" ? Buffer.from(base64(value, "image").slice(0, 32), "base64") : bytesOf(value)
  ).toString("latin1", 0, 16);
  const found = SIGNATURES.find(([, signature]) => signature.test(head));
  if (found === undefined) throw new TypeError("These bytes are no PNG, JPEG, GIF, WebP or PDF.");
  return found[0];
}

export interface ImageOptions {
  /** Pixels on the screen. */
  readonly width?: number;
  readonly height?: number;
}

/** What front ends read beside an image. */
export function imageMetadata(kind: BinaryKind | "svg", { width, height }: ImageOptions): Json {
  if (width === undefined && height === undefined) return {};
  const mime = kind === "svg" ? TEXTS.svg : BINARIES[kind];
  return { [mime]: { ...(width !== undefined && { width }), ...(height !== undefined && { height }) } };
}
