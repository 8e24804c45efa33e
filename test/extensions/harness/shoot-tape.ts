/** Take pictures of the tape view in many situations, to be looked at: `npx tsx test/extensions/harness/shoot-tape.ts`. */
import type { TapeTrace } from "cotangent/trace";
import type { Page } from "playwright-core";
import { encodeTape, loopTape, pathsTape, productsTape, smallTape } from "../../support/tape-trace.js";
import { nextFrame, renderTape } from "../../support/views-page.js";
import { type Situation, takePictures } from "./pictures.js";

interface Picture extends Situation {
  readonly trace: TapeTrace;
}

const goTo = (node: number) => (page: Page) => page.evaluate((n) => window.tape.view!.showNode(n), node);
const nodeOf = ({ nodes, operations }: TapeTrace, operation: string) =>
  nodes.operation.findIndex((of) => operations[of] === operation);
const products = productsTape();
const paths = pathsTape();
const atWeight = goTo(products.products[0]!.weight);
const atProduct = goTo(products.products.at(-1)!.node);

const pictures: Record<string, Picture> = {
  "small-light": { trace: smallTape() },
  "loop-dark": { trace: loopTape(), dark: true },
  "products-weight-light": { trace: products, act: atWeight },
  "products-weight-dark": { trace: products, dark: true, act: atWeight },
  "products-product-light": { trace: products, act: atProduct },
  "products-narrow-dark": { trace: products, dark: true, width: 420, act: atProduct },
  "paths-light": { trace: paths, act: goTo(nodeOf(paths, "max")) },
  "paths-dark": { trace: paths, dark: true, act: goTo(nodeOf(paths, "max")) },
};

await takePictures<Picture>(
  {
    view: "tape",
    width: 1100,
    draw: (page, { trace }) => renderTape(page, encodeTape(trace)),
    async drawn(page) {
      await nextFrame(page);
      await page.locator('.cot-tape[data-explained="true"]').waitFor();
      await nextFrame(page);
    },
  },
  pictures,
);
