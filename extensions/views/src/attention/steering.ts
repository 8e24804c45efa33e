/** Buttons that steer the solve while it runs: pause, step, go on, stop. */
import { html, OWN_KEYS } from "../common/dom.js";

/** What a reader can ask of a computation that runs. */
export type Wish = "pause" | "step" | "run" | "stop";

/** What is steered, and by what it goes. */
export interface Steered {
  /** "solve" or "training" */
  readonly what: string;
  /** "iteration" or "training step" */
  readonly unit: string;
}

type Row = readonly [wish: Wish, label: string, title: (steered: Steered) => string];
const rows: readonly Row[] = [
  ["pause", "Pause", ({ what, unit }) => `Let the ${what} wait after this ${unit}`],
  ["step", "Step", ({ what, unit }) => `Let the paused ${what} make one ${unit}`],
  ["run", "Go on", ({ what }) => `Let the paused ${what} go on`],
  [
    "stop",
    "Stop",
    ({ what, unit }) => `End the ${what} after this ${unit}; the cell goes on with what it has`,
  ],
];

export function steeringButtons(
  steered: Steered,
  steer: (wish: Wish) => void,
  signal: AbortSignal,
): HTMLElement {
  const buttons = rows.map(([wish, label, title]) => {
    const button = html(
      "button",
      { type: "button", class: "cot-steer", title: title(steered), ...OWN_KEYS },
      label,
    );
    // At once: a running solve is drawn anew ten times a second, and a press would rarely find its release.
    button.addEventListener("pointerdown", ({ button: which }) => which === 0 && steer(wish), { signal });
    // Without a pointer: by a key, or by a program that reads the screen.
    button.addEventListener("click", ({ detail }) => detail === 0 && steer(wish), { signal });
    return button;
  });
  return html(
    "div",
    { class: "cot-steering", role: "group", "aria-label": `Steer the ${steered.what}` },
    ...buttons,
  );
}
