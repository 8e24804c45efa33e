/** Buttons that steer the solve while it runs: pause, step, go on, stop. */
import { html, OWN_KEYS } from "../common/dom.js";

/** What a reader can ask of a computation that runs. */
export type Wish = "pause" | "step" | "run" | "stop";

const rows: readonly (readonly [wish: Wish, label: string, title: string])[] = [
  ["pause", "Pause", "Let the solve wait after this iteration"],
  ["step", "Step", "Let the paused solve make one iteration"],
  ["run", "Go on", "Let the paused solve go on"],
  ["stop", "Stop", "End the solve after this iteration; the cell goes on with the best it has"],
];

export function steeringButtons(steer: (wish: Wish) => void, signal: AbortSignal): HTMLElement {
  const buttons = rows.map(([wish, label, title]) => {
    const button = html("button", { type: "button", class: "cot-steer", title, ...OWN_KEYS }, label);
    // At once: a running solve is drawn anew ten times a second, and a press would rarely find its release.
    button.addEventListener("pointerdown", ({ button: which }) => which === 0 && steer(wish), { signal });
    // Without a pointer: by a key, or by a program that reads the screen.
    button.addEventListener("click", ({ detail }) => detail === 0 && steer(wish), { signal });
    return button;
  });
  return html("div", { class: "cot-steering", role: "group", "aria-label": "Steer the solve" }, ...buttons);
}
