/** Elements of a document, of whatever implementation, as what a front end shows. */
import type { Json } from "../../../core/message.js";

/** `Node.nodeType` of what has markup; a fragment and a document have it in their children. */
const ELEMENT = 1;
const DOCUMENT = 9;
const FRAGMENT = 11;
const SVG = "http://www.w3.org/2000/svg";
const LONGEST_TEXT = 200;

interface ElementLike {
  readonly nodeType: number;
  readonly outerHTML?: unknown;
  readonly documentElement?: ElementLike;
  readonly childNodes?: Iterable<ElementLike>;
}

const isNode = (value: unknown): value is ElementLike =>
  typeof value === "object" && value !== null && typeof (value as ElementLike).nodeType === "number";

/** Only what also has the properties of the kind that it claims to be. */
function markup(node: ElementLike): string | null {
  if (node.nodeType === ELEMENT) return typeof node.outerHTML === "string" ? node.outerHTML : null;
  if (node.nodeType === DOCUMENT) return isNode(node.documentElement) ? markup(node.documentElement) : null;
  if (node.nodeType !== FRAGMENT || node.childNodes === undefined) return null;
  return Array.from(node.childNodes, (child) => markup(child) ?? "").join("");
}

/** A picture in a file of its own must say what it is; an element in a page need not. */
const standalone = (svg: string): string =>
  /^<svg\b[^>]*\sxmlns\s*=/.test(svg) ? svg : svg.replace(/^<svg\b/, `<svg xmlns="${SVG}"`);

const short = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)`;

/**
 * The bundle of an element, a fragment or a document; null for anything else. An `svg` is a picture, which GitHub and
 * nbviewer keep where they would strip it from HTML; every other element is HTML.
 */
export function elementBundle(value: unknown): Json | null {
  const html = isNode(value) ? markup(value) : null;
  if (html === null) return null;
  const text = { "text/plain": short(html) };
  return /^<svg\b/.test(html)
    ? { "image/svg+xml": standalone(html), ...text }
    : { "text/html": html, ...text };
}
