/** Ranks views in the test page of the views, with plotly.js from its server. */
import { encodeRanksTrace, type RanksTrace } from "cotangent/trace";
import type { Plotly, RanksView, RanksViewOptions, Rendered, RenderOptions } from "@cotangent/views";
import type { Page } from "playwright-core";

declare global {
  interface Window {
    ranks: Rendered<RanksView>;
    Plotly: Plotly;
  }
}

/** Plain JSON for the page. */
export const encodeRanks = (trace: RanksTrace): unknown => encodeRanksTrace(trace).data;

/** Render data in the page's `main` and wait until it is drawn or a message is shown. */
export async function renderRanks(
  page: Page,
  data: unknown,
  options: Omit<RenderOptions<RanksViewOptions>, "plotly"> = {},
): Promise<void> {
  await page.evaluate(
    ([data, options]) => {
      window.ranks?.destroy();
      const plotly = () =>
        new Promise<Plotly>((resolve, reject) => {
          if (window.Plotly) return resolve(window.Plotly);
          const script = document.createElement("script");
          script.src = "plotly.js";
          script.onload = () => resolve(window.Plotly);
          script.onerror = () => reject(new Error("plotly.js could not be loaded"));
          document.head.append(script);
        });
      const main = document.querySelector("main")!;
      window.ranks = window.cotangent.views.renderRanks(main, data, { ...options, plotly });
    },
    [data, options] as const,
  );
  await page.locator(".cot-ranks[data-step], .cot-message").waitFor();
  await ranksDrawn(page);
}

/** Wait until everything that was asked for has been drawn. */
export async function ranksDrawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await window.ranks.view?.drawn();
  });
}
