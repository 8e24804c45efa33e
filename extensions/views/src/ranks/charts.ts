/** The charts of the view: each in its frame, drawn anew where what it depends on is another. */
import type { Look } from "./look.js";
import type { RanksModel } from "./model.js";
import { frame } from "./page.js";
import type { Panel, Place } from "./panel.js";
import { panels } from "./panels.js";
import type { Plotly } from "./plotly.js";
import { stage } from "./stage.js";

export interface Charts {
  readonly elements: readonly HTMLElement[];
  /** @param moved whether the place is another than at the last call */
  draw(model: RanksModel, place: Place, look: Look, moved: boolean): void;
  /** Say what the charts say at the place. */
  caption(model: RanksModel, place: Place): void;
  /** All are to be drawn anew: the trace, the theme or the room is another. */
  invalidate(): void;
  /** Resolves when there is nothing left to draw. */
  drawn(): Promise<void>;
}

export interface ChartRequests {
  readonly plotly: () => Promise<Plotly>;
  /** The reader clicks at a step, which need not be a recorded one. */
  readonly onStep: (step: number) => void;
  readonly onError: (error: unknown) => void;
}

/** @param controls what stands beside the title of a panel, by its name */
export function charts(
  controls: Readonly<Record<string, HTMLElement>>,
  { plotly, onStep, onError }: ChartRequests,
  signal: AbortSignal,
): Charts {
  let loading: Promise<Plotly> | undefined;
  const load = () => (loading ??= plotly());
  const goTo = (panel: Panel) => (x: number) => {
    if (panel.hasSteps && Number.isFinite(x)) onStep(x);
  };
  const places = panels.map((panel) => {
    const control = controls[panel.name];
    const made = frame(panel, control ? [control] : []);
    return { panel, ...made, chart: stage(made.stage, load, goTo(panel), onError, signal), drawn: "" };
  });

  return {
    elements: places.map(({ element }) => element),
    draw(model, place, look, moved) {
      for (const at of places) {
        const needs = `${at.panel.dependsOn(place)}|${look.width}`;
        const shapes = at.panel.shapes?.(model, place, look);
        if (needs === at.drawn) {
          if (moved && shapes && !at.stage.hidden) at.chart.shapes(shapes);
          continue;
        }
        at.drawn = needs;
        const found = at.panel.chart(model, place, look);
        if (typeof found === "string") {
          at.say(found);
          continue;
        }
        at.say(undefined);
        // Its room is kept from the start, so that nothing below jumps when it comes.
        at.stage.style.minHeight = `${String(found.layout["height"])}px`;
        at.chart.draw({ ...found, layout: { ...found.layout, ...(shapes && { shapes }) } });
      }
    },
    caption(model, place) {
      for (const { panel, caption } of places) caption(panel.caption(model, place));
    },
    invalidate() {
      for (const each of places) each.drawn = "";
    },
    async drawn() {
      await Promise.all(places.map(({ chart }) => chart.drawn()));
    },
  };
}
