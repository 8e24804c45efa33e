/** Rows by name: how the derivatives of one operation call others, without importing the table that they are in. */
import { applyOne, type TensorOp } from "./op.js";
import type { Tensor } from "./tensor.js";

const rows = new Map<string, TensorOp<never>>();

export function register(table: readonly TensorOp<never>[]): void {
  for (const row of table) rows.set(row.name, row);
}

export function row<P>(name: string): TensorOp<P> {
  const found = rows.get(name);
  if (found === undefined) throw new Error(`There is no operation "${name}" in the table.`);
  return found as unknown as TensorOp<P>;
}

/** Apply the operation of this name, which has one result. */
export const call = <P>(name: string, x: readonly Tensor[], p: P): Tensor => applyOne(row<P>(name), x, p);

/** Every row, in the order of the table. */
export const allRows = (): readonly TensorOp<never>[] => [...rows.values()];
