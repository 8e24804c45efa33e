/** What is used of plotly.js, which whoever shows a view hands in: it is large, and loaded when the first chart is drawn. */

export interface Plotly {
  react(host: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>;
  relayout(host: HTMLElement, changes: object): Promise<unknown>;
  purge(host: HTMLElement): void;
}

/** What plotly.js makes of the element that it draws into. */
export interface PlotlyHost extends HTMLElement {
  on(
    event: "plotly_click",
    act: (event: { readonly points: readonly { readonly x: unknown }[] }) => void,
  ): void;
}

/** One chart: what plotly.js is given. */
export interface Chart {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** A vertical or horizontal line, or whatever else stands for where the reader is: changed without drawing the rest again. */
export type Shapes = readonly Readonly<Record<string, unknown>>[];

/**
 * The text with every sign that plotly.js would read (tags, entities, TeX between dollars, %{…}) written as an entity, so that it
 * appears as it is.
 */
export const plotlyText = (text: string): string =>
  text.replace(/[&<>$%]/g, (sign) => `&#${sign.charCodeAt(0)};`);
