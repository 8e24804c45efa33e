/** What a key does to the playback: space plays, arrows step (ten with shift), Home and End jump. */

export type KeyAction = "toggle" | "first" | "last" | { readonly step: number };

type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">;

/** @returns undefined for keys that are not ours, so that they reach whoever else wants them */
export function keyAction({ key, shiftKey, ctrlKey, altKey, metaKey }: Key): KeyAction | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  const size = shiftKey ? 10 : 1;
  switch (key) {
    case " ":
      return "toggle";
    case "ArrowLeft":
    case "ArrowDown":
      return { step: -size };
    case "ArrowRight":
    case "ArrowUp":
      return { step: size };
    case "PageDown":
      return { step: -10 };
    case "PageUp":
      return { step: 10 };
    case "Home":
      return "first";
    case "End":
      return "last";
    default:
      return undefined;
  }
}
