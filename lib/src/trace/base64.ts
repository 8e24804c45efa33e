/** Base64 (RFC 4648, section 4: padded, no line breaks), the same in Node and in every browser. */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const letters = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const PADDING = "=".charCodeAt(0);
const NOT_A_LETTER = 255;

/** Six-bit value of a character code below 256. */
const values = new Uint8Array(256).fill(NOT_A_LETTER);
letters.forEach((code, value) => (values[code] = value));

/** How many characters `bytes` bytes become. */
export const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

export function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(base64Length(bytes.length));
  let out = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const triple = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text[out++] = letters[triple >> 18]!;
    text[out++] = letters[(triple >> 12) & 63]!;
    text[out++] = i + 1 < bytes.length ? letters[(triple >> 6) & 63]! : PADDING;
    text[out++] = i + 2 < bytes.length ? letters[triple & 63]! : PADDING;
  }
  return new TextDecoder("latin1").decode(text);
}

/** How many bytes a base64 text holds; `undefined` when its length or padding cannot be base64. */
export function decodedLength(text: string): number | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** The bytes of a base64 text; `undefined` when it is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  const length = decodedLength(text);
  if (length === undefined) return undefined;
  const bytes = new Uint8Array(length);
  const digits = text.length - ((text.length / 4) * 3 - length);
  let out = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < digits; i++) {
    const code = text.charCodeAt(i);
    const value = code < 256 ? values[code]! : NOT_A_LETTER;
    if (value === NOT_A_LETTER) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[out++] = (bits >> held) & 0xff;
    }
  }
  return bytes;
}
