/** Chords with Ctrl or ⌘ are the application's wherever the focus is: a control of a view keeps only its plain keys. */

/** By it Lumino leaves all keys to an element (see the views' OWN_KEYS). */
const MARK = "data-lm-suppress-shortcuts";
const CONTROLS = `.cot-view [${MARK}], .cot-view[${MARK}]`;
/** Where text is written, chords such as Ctrl+Z belong to the text. */
const OF_TEXT = "textarea, [contenteditable], input:not([type=range], [type=checkbox], [type=radio])";

/** Until it is called: Ctrl+S on a slider would save the page, not the notebook. */
export function passChords(): void {
  // On the window, and so before Lumino, which listens on the document.
  window.addEventListener("keydown", letPass, true);
}

function letPass({ ctrlKey, metaKey, altKey, target }: KeyboardEvent): void {
  // With Alt it may be AltGr, which writes.
  if (!(ctrlKey || metaKey) || altKey || !(target instanceof Element)) return;
  if (!target.matches(CONTROLS) || target.matches(OF_TEXT)) return;
  target.removeAttribute(MARK);
  setTimeout(() => target.setAttribute(MARK, "true"));
}
