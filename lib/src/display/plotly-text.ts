/** Text for Plotly, which reads a few tags, entities, TeX between dollars and %{…} in what it is given. */

/** The text with every sign that Plotly would read written as an entity, so that it appears as it is. */
export const plotlyText = (text: string): string =>
  text.replace(/[&<>$%]/g, (sign) => `&#${sign.charCodeAt(0)};`);
