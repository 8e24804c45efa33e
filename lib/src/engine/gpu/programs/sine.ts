/**
 * Sine and cosine: a device's own have no more than four digits. The argument is reduced by π/2 in three parts whose products with
 * a quotient below some thousands are exact (Cody and Waite; the polynomials are Cephes').
 */

/**
 * @param quarters of a turn by which the argument is ahead: 0 for the sine, 1 for the cosine
 * @param named makes a statement that gives an expression a name
 * @returns an expression for sin(x + quarters · π/2)
 */
export function sineOf(x: string, quarters: number, named: (expression: string) => string): string {
  const q = named(`Math.floor(${x} * ${2 / Math.PI} + 0.5)`);
  const r = named(`((${x} - ${q} * 1.5703125) - ${q} * 4.837512969970703e-4) - ${q} * 7.549789954891882e-8`);
  const z = named(`${r} * ${r}`);
  const s = named(
    `${r} + ${r} * ${z} * (-1.6666654611e-1 + ${z} * (8.3321608736e-3 - ${z} * 1.9515295891e-4))`,
  );
  const c = named(
    `1 - 0.5 * ${z} + ${z} * ${z} * (4.166664568298827e-2 + ${z} * (-1.388731625493765e-3 + ${z} * 2.443315711809948e-5))`,
  );
  const turned = named(`${q} + ${quarters}.5 - 0.5`);
  const k = named(`${turned} - 4 * Math.floor(${turned} * 0.25)`);
  return named(`(${k} < 0.5 ? ${s} : (${k} < 1.5 ? ${c} : (${k} < 2.5 ? -${s} : -${c})))`);
}
