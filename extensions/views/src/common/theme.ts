/** The theme of the page, and when it changes: a canvas does not follow CSS variables by itself. */
import { color, lab } from "d3";
import { css, NOT_A_NUMBER, type Rgb, type Scheme } from "./colour.js";
import { html } from "./dom.js";

export interface Theme {
  readonly scheme: Scheme;
  /** The colour of the page behind the picture. */
  readonly page: Rgb;
}

export interface ThemeWatch {
  readonly current: Theme;
  /** Look again: for a root that has only now been put into the page. */
  check(): void;
}

const ATTRIBUTES = ["class", "style", "data-jp-theme-light", "data-jp-theme-name", "data-theme"];

/** Tell the style sheets under `root` what was found: the scheme, and the colours that a canvas uses too. */
export function applyScheme(root: HTMLElement, scheme: Scheme): void {
  root.dataset.scheme = scheme;
  root.style.setProperty("--cot-hatch-line", css(NOT_A_NUMBER[scheme].line));
  root.style.setProperty("--cot-hatch-ground", css(NOT_A_NUMBER[scheme].ground));
}

/** Whether a page of this colour is a dark one. */
export const schemeOf = (page: string): Scheme => (lab(page).l < 50 ? "dark" : "light");

/**
 * Watch the colour behind `root`. It is measured, not asked for by a theme's name, so every theme works.
 * Three signals, because none is enough: JupyterLab's attributes on the body, the system's preference, and
 * a transition of a probe, which also notices a style sheet that arrives late.
 */
export function watchTheme(
  root: HTMLElement,
  onChange: (theme: Theme) => void,
  signal: AbortSignal,
): ThemeWatch {
  const probe = html("span", { class: "cot-probe", "aria-hidden": "true" });
  root.append(probe);
  const preference = matchMedia("(prefers-color-scheme: dark)");
  const read = (): Theme => {
    const page = color(getComputedStyle(probe).backgroundColor)?.rgb();
    if (!page || page.opacity === 0) {
      return preference.matches
        ? { scheme: "dark", page: [17, 17, 17] }
        : { scheme: "light", page: [255, 255, 255] };
    }
    return { scheme: schemeOf(page.formatRgb()), page: [page.r, page.g, page.b] };
  };
  let current = read();
  const check = () => {
    const found = read();
    if (found.scheme === current.scheme && found.page.join() === current.page.join()) return;
    current = found;
    onChange(current);
  };
  const observer = new MutationObserver(check);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ATTRIBUTES });
  }
  preference.addEventListener("change", check, { signal });
  probe.addEventListener("transitionend", check, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
  return {
    get current() {
      return current;
    },
    check,
  };
}
