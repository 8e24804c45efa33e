/** The head selector: a small picture of every head; a radio group, so one tab stop and arrow keys inside. */
import { type AttentionHead, shortNumber } from "cotangent/trace";
import { html, OWN_KEYS } from "../common/dom.js";
import { visibleToken } from "../common/labels.js";

export interface HeadSelector {
  readonly element: HTMLElement;
  readonly canvases: readonly HTMLCanvasElement[];
  select(head: number): void;
}

/** Side of a thumbnail in CSS pixels. */
export const THUMBNAIL = 52;

export const headTitle = ({ name, temperature }: AttentionHead): string =>
  `${visibleToken(name)}, temperature ${shortNumber(temperature)}`;

/** Where a key moves the choice among `n` heads; undefined for keys that do not. */
export function nextHead(key: string, head: number, n: number): number | undefined {
  switch (key) {
    case "ArrowLeft":
    case "ArrowUp":
      return (head + n - 1) % n;
    case "ArrowRight":
    case "ArrowDown":
      return (head + 1) % n;
    case "Home":
      return 0;
    case "End":
      return n - 1;
    default:
      return undefined;
  }
}

export function headSelector(
  heads: readonly AttentionHead[],
  onSelect: (head: number) => void,
  signal: AbortSignal,
): HeadSelector {
  const canvases = heads.map(() => html("canvas", { class: "cot-thumbnail", "aria-hidden": "true" }));
  const buttons = heads.map((head, i) =>
    html(
      "button",
      {
        type: "button",
        role: "radio",
        class: "cot-head",
        title: headTitle(head),
        "data-head": i,
        ...OWN_KEYS,
      },
      canvases[i]!,
      html("bdi", { class: "cot-head-name" }, visibleToken(head.name)),
    ),
  );
  const title = html("bdi", { class: "cot-head-title" });
  const temperature = html("span", {});
  const group = html("div", { class: "cot-head-list", role: "radiogroup", "aria-label": "Head" }, ...buttons);
  const element = html(
    "div",
    { class: "cot-heads" },
    html("div", { class: "cot-section-title" }, title, temperature),
    ...(heads.length > 1 ? [group] : []),
  );
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => onSelect(i), { signal });
    button.addEventListener(
      "keydown",
      (event) => {
        const next =
          event.ctrlKey || event.metaKey || event.altKey ? undefined : nextHead(event.key, i, heads.length);
        if (next === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onSelect(next);
        buttons[next]!.focus();
      },
      { signal },
    );
  });
  return {
    element,
    canvases: heads.length > 1 ? canvases : [],
    select(head) {
      title.textContent = visibleToken(heads[head]!.name);
      const place = heads.length > 1 ? `${head + 1} of ${heads.length} · ` : "";
      temperature.textContent = `${place}temperature ${shortNumber(heads[head]!.temperature)}`;
      buttons.forEach((button, i) => {
        button.setAttribute("aria-checked", String(i === head));
        button.tabIndex = i === head ? 0 : -1;
      });
    },
  };
}
