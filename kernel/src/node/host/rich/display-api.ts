/** `display` with its kinds: `display.html`, `display.png`, `display.table`, `display.plotly`, … */
import type { Json } from "../../../core/message.js";
import { type Display, DisplayHandle } from "../display.js";
import {
  binaryBundle,
  binaryKinds,
  type BinaryKind,
  type Bytes,
  type ImageOptions,
  imageMetadata,
  jsonBundle,
  kindOf,
  textBundle,
  type TextKind,
  textKinds,
} from "./media.js";
import { plotlyBundle, type PlotlyFigure } from "./plotly.js";
import { tableBundle, type TableOptions } from "./table.js";

/** A name by which the display can be changed later. */
export interface Named {
  readonly id?: string;
}

export type DisplayApi = Display &
  Readonly<Record<TextKind, (text: string, options?: Named) => DisplayHandle>> &
  Readonly<Record<BinaryKind, (bytes: Bytes, options?: Named & ImageOptions) => DisplayHandle>> & {
    /** An image of whatever kind its bytes are. @throws TypeError when they are no image */
    readonly image: (bytes: Bytes, options?: Named & ImageOptions) => DisplayHandle;
    /** A tree to unfold, in JupyterLab. */
    readonly json: (value: unknown, options?: Named) => DisplayHandle;
    /** Rows as a table: objects, arrays, a Map, any iterable, or an object of columns. */
    readonly table: (rows: unknown, options?: Named & TableOptions) => DisplayHandle;
    /** A figure for plotly.js: `{ data: [trace, …], layout }`. Typed arrays are welcome. */
    readonly plotly: (figure: PlotlyFigure, options?: Named) => DisplayHandle;
    /** A MIME bundle as it is. */
    readonly raw: (bundle: Readonly<Record<string, unknown>>, options?: Named) => DisplayHandle;
    /** Show `value` in the place of the display with this id. */
    readonly update: (id: string, value: unknown) => DisplayHandle;
    /** Remove what the cell has shown so far; with `wait`, when the next output comes. */
    readonly clear: (options?: { readonly wait?: boolean }) => void;
  };

export function createDisplayApi(
  display: Display,
  clear: (options?: { wait?: boolean }) => void,
): DisplayApi {
  /** Show what `build` makes of the value; the handle's `update` takes another value of the same kind. */
  const show = <T>(value: T, build: (value: T) => Json, { id }: Named = {}, metadata: Json = {}) => {
    const shown = display(build(value), { raw: true, metadata, ...(id !== undefined && { id }) });
    return new DisplayHandle(shown.id, (next) => {
      display(build(next as T), { raw: true, metadata, id: shown.id, update: true });
    });
  };
  const binary = (kind: BinaryKind, bytes: Bytes, options: Named & ImageOptions = {}) =>
    show(bytes, (value) => binaryBundle(kind, value), options, imageMetadata(kind, options));

  const kinds = {
    ...Object.fromEntries(
      textKinds.map((kind) => [
        kind,
        (text: string, options?: Named) => show(text, (value) => textBundle(kind, value), options),
      ]),
    ),
    ...Object.fromEntries(
      binaryKinds.map((kind) => [
        kind,
        (bytes: Bytes, options?: Named & ImageOptions) => binary(kind, bytes, options),
      ]),
    ),
    image: (bytes: Bytes, options?: Named & ImageOptions) => binary(kindOf(bytes), bytes, options),
    json: (value: unknown, options?: Named) => show(value, jsonBundle, options),
    table: (rows: unknown, options: Named & TableOptions = {}) =>
      show(rows, (value) => tableBundle(value, options), options),
    plotly: (figure: PlotlyFigure, options?: Named) => show(figure, plotlyBundle, options),
    raw: (bundle: Json, options?: Named) => show(bundle, (value) => value, options),
    update: (id: string, value: unknown) => display(value, { id, update: true }),
    clear,
  };
  // A function of its own: the one that is given goes on being what it is.
  const api: Display = (value, options) => display(value, options);
  return Object.assign(api, kinds) as unknown as DisplayApi;
}
