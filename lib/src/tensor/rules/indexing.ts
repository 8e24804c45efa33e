/** Rows of gathering by index, and of adding back. Indices are int32 and have no derivative. */
import { DtypeError, OptionError, ShapeError } from "../../errors.js";
import type { TensorOp } from "../op.js";
import { call } from "../registry.js";
import { runKernel, together } from "../run.js";
import { sameShape, shapeText } from "../shape.js";
import { made, type Tensor } from "../tensor.js";

function checkIndex(name: string, index: Tensor): void {
  if (index.dtype !== "int32")
    throw new DtypeError(
      `${name} needs int32 indices; it got ${index.dtype} ${shapeText(index.shape)}. ` +
        `Make them with tensor(…, { dtype: "int32" }) or t.astype("int32").`,
    );
}

/** An index that is out of range is an error where its numbers are there; of those that are computed later the caller must know. */
function checkRange(name: string, index: Tensor, rows: number): void {
  const { view } = index.plain;
  const data = view.storage.read();
  if (data instanceof Promise) return void data.catch(() => {});
  const wrong = (index.plain.dataSync() as Int32Array).find((at) => at < 0 || at >= rows);
  if (wrong !== undefined)
    throw new OptionError(
      `${name}: index ${wrong} in ${shapeText(view.shape)} is not a row of a table of ${rows}.`,
    );
}

const gatherRow: TensorOp<undefined> = {
  name: "gather",
  passive: [1],
  shapes([table, index]) {
    checkIndex("gather", index!);
    if (table!.rank === 0) throw new ShapeError("gather takes rows of a table; a number has none.");
    return [[...index!.shape, ...table!.shape.slice(1)]];
  },
  forward([table, index], _p, [shape]) {
    checkRange("gather", index!, table!.shape[0]!);
    const { engine, views } = together([table!, index!]);
    return [made(engine, runKernel(engine, "gather", views[0]!, views[1]!), shape!)];
  },
  vjp: ({ x: [table, index] }, [yBar]) => [call("scatterAdd", [yBar!, index!], table!.shape[0]!)],
  jvp: ({ x: [, index] }, [dot]) => [call("gather", [dot!, index!], undefined)],
};

const scatterAddRow: TensorOp<number> = {
  name: "scatterAdd",
  passive: [1],
  shapes([updates, index], rows) {
    checkIndex("scatterAdd", index!);
    if (!sameShape(updates!.shape.slice(0, index!.rank), index!.shape))
      throw new ShapeError(
        `scatterAdd needs an update for every index: ${shapeText(updates!.shape)} for indices ${shapeText(index!.shape)}.`,
      );
    return [[rows, ...updates!.shape.slice(index!.rank)]];
  },
  forward([updates, index], rows, [shape]) {
    checkRange("scatterAdd", index!, rows);
    const { engine, views } = together([updates!, index!]);
    return [made(engine, runKernel(engine, "scatterAdd", views[1]!, views[0]!, rows), shape!)];
  },
  vjp: ({ x: [, index] }, [yBar]) => [call("gather", [yBar!, index!], undefined)],
  jvp: ({ x: [, index], p: rows }, [dot]) => [call("scatterAdd", [dot!, index!], rows)],
};

export const indexingRows = [gatherRow, scatterAddRow];
