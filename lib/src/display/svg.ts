/** Writing SVG as text: elements, escaping, short numbers. */

/**
 * Text made safe for SVG: markup is escaped, and characters that XML forbids (control characters, lone halves of
 * surrogate pairs) become U+FFFD.
 */
export function escapeText(text: string): string {
  return (
    text
      .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD")
      // eslint-disable-next-line no-control-regex -- these are exactly what must go
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD")
      .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}

type Attribute = string | number | undefined;

/** An element; attribute names are written as given, values are escaped, children are SVG already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : escapeText(value!)}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** A text element; the text is escaped. */
export const textElement = (text: string, attributes: Readonly<Record<string, Attribute>>): string =>
  element("text", attributes, escapeText(text));

export const group = (
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly string[]
): string => element("g", attributes, ...children);

export const translate = (x: number, y: number): string => `translate(${short(x)} ${short(y)})`;

/** A coordinate with two decimals at most. */
export const short = (value: number): string => String(Math.round(value * 100) / 100);
