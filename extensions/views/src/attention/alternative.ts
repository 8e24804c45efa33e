/** The text alternative: the matrix in a sentence, and every query's strongest key in a table. */
import { html, OWN_KEYS } from "../common/dom.js";
import { formatWeight } from "../common/format.js";
import { strongest, strongestPerQuery } from "./strongest.js";

/** Rows of the table; more are said to be left out. */
const MAX_ROWS = 64;

const queries = (n: number): string => `${n} ${n === 1 ? "query" : "queries"}`;

/** What the canvas shows, for a screen reader. */
export function describe(
  head: string,
  when: string,
  weights: Float32Array,
  labels: readonly string[],
): string {
  const links = strongest(weights, labels.length, 3).map(
    ({ query, key, weight }) => `${labels[query]} to ${labels[key]} ${formatWeight(weight)}`,
  );
  const found = links.length > 0 ? `Strongest: ${links.join("; ")}.` : "No finite weight.";
  return `Attention of ${head}, ${when}, ${queries(labels.length)}. ${found}`;
}

export interface Alternative {
  readonly element: HTMLDetailsElement;
  /** Fill the table, if it is open. */
  update(when: string, weights: Float32Array): void;
}

/** @param onOpen asked to call `update` */
export function alternative(labels: readonly string[], onOpen: () => void, signal: AbortSignal): Alternative {
  const caption = html("caption");
  const body = html("tbody");
  const head = html(
    "tr",
    {},
    ...["query", "strongest key", "weight"].map((name) => html("th", { scope: "col" }, name)),
  );
  const element = html(
    "details",
    { class: "cot-alternative" },
    html("summary", { ...OWN_KEYS }, "Text alternative"),
    html("table", {}, caption, html("thead", {}, head), body),
  );
  element.addEventListener("toggle", () => element.open && onOpen(), { signal });
  return {
    element,
    update(when, weights) {
      if (!element.open) return;
      const links = strongestPerQuery(weights, labels.length);
      const shown = links.slice(0, MAX_ROWS);
      const left = links.length > MAX_ROWS ? ` The first ${MAX_ROWS} of ${links.length} queries.` : "";
      const lost = labels.length - links.length;
      const without = lost > 0 ? ` ${queries(lost)} without a finite weight.` : "";
      caption.textContent = `Each query's strongest key at ${when}.${left}${without}`;
      body.replaceChildren(
        ...shown.map(({ query, key, weight }) =>
          html(
            "tr",
            {},
            html("th", { scope: "row" }, html("bdi", {}, labels[query]!)),
            html("td", {}, html("bdi", {}, labels[key]!)),
            html("td", {}, formatWeight(weight)),
          ),
        ),
      );
    },
  };
}
