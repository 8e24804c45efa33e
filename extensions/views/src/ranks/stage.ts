/** A place for one chart: it draws the newest one that was asked for, one after the other, and nothing after the end. */
import { CONFIG } from "./look.js";
import type { Chart, Plotly, PlotlyHost, Shapes } from "./plotly.js";

export interface Stage {
  readonly element: HTMLElement;
  /** Draw a chart; of several asked for meanwhile, the newest. */
  draw(chart: Chart): void;
  /** Change its shapes alone. */
  shapes(shapes: Shapes): void;
  /** Resolves when there is nothing left to draw. */
  drawn(): Promise<void>;
}

/**
 * @param onPoint called with the place on the horizontal axis where a reader clicks
 * @param onError called when plotly.js throws
 */
export function stage(
  element: HTMLElement,
  plotly: () => Promise<Plotly>,
  onPoint: (x: number) => void,
  onError: (error: unknown) => void,
  signal: AbortSignal,
): Stage {
  let wanted: Chart | undefined;
  let wantedShapes: Shapes | undefined;
  let busy: Promise<void> | undefined;
  let library: Plotly | undefined;
  let listens = false;

  async function work(): Promise<void> {
    try {
      library = await (library ?? plotly());
      while (!signal.aborted && (wanted || wantedShapes)) {
        const [chart, shapes] = [wanted, wantedShapes];
        wanted = wantedShapes = undefined;
        // plotly.js writes into what it is given.
        if (chart) {
          const { data, layout } = structuredClone(chart);
          await library.react(element, data as unknown[], layout, CONFIG);
          if (!listens)
            (element as PlotlyHost).on("plotly_click", ({ points }) => onPoint(Number(points[0]?.x)));
          listens = true;
        }
        if (shapes && !signal.aborted) await library.relayout(element, { shapes: structuredClone(shapes) });
      }
    } catch (error) {
      if (!signal.aborted) onError(error);
    } finally {
      busy = undefined;
      if (signal.aborted) library?.purge(element);
    }
  }
  signal.addEventListener("abort", () => {
    wanted = wantedShapes = undefined;
    if (!busy) library?.purge(element);
  });
  const start = () => {
    if (!signal.aborted) busy ??= work();
  };
  return {
    element,
    draw(chart) {
      wanted = chart;
      wantedShapes = undefined;
      start();
    },
    shapes(shapes) {
      // One that is not drawn yet takes them along.
      if (wanted) wanted = { ...wanted, layout: { ...wanted.layout, shapes } };
      else wantedShapes = shapes;
      start();
    },
    drawn: async () => {
      while (busy) await busy;
    },
  };
}
