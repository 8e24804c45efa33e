/** What is used of plotly.js; the package for browsers comes without types. */
declare module "plotly.js-dist-min" {
  export interface Plotly {
    react(host: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>;
    relayout(host: HTMLElement, changes: object): Promise<unknown>;
    addFrames(host: HTMLElement, frames: unknown[]): Promise<unknown>;
    purge(host: HTMLElement): void;
    Plots: { resize(host: HTMLElement): void };
  }
  const plotly: Plotly;
  export default plotly;
}
