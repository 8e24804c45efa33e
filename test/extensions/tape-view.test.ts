import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { inspect, tensor } from "cotangent";
import { boundTapeTrace, tapeEncodedSize, type TapeTrace } from "cotangent/trace";
import { compiled } from "../support/compiled.js";
import {
  encodeTape,
  kinkTape,
  largeTape,
  loopTape,
  pathsTape,
  poisonedTape,
  smallTape,
} from "../support/tape-trace.js";
import { viewsBrowser } from "../support/views-browser.js";
import { nextFrame, renderTape } from "../support/views-page.js";

const small = smallTape();
const N = small.nodes.id.length;
const text = (page: Page, selector: string) => page.locator(selector).innerText();
const slider = (page: Page) => page.locator(".cot-slider");
const at = (page: Page, step: number) => page.locator(`.cot-tape[data-step="${step}"]`).waitFor();
const explained = (page: Page) => page.locator('.cot-tape[data-explained="true"]').waitFor();
const picture = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLCanvasElement>(".cot-tape-canvas")!.toDataURL());
const placeOf = (trace: TapeTrace, operation: string) =>
  trace.nodes.operation.findIndex((of) => trace.operations[of] === operation);

describe("the tape view", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();
  const open = async (trace: TapeTrace, options: Parameters<typeof renderTape>[2] = {}) => {
    const page = await browser.open();
    await renderTape(page, encodeTape(trace), options);
    return page;
  };

  describe("on its time axis", () => {
    it("opens where all adjoints are known, and says what was computed", async () => {
      const page = await open(small);
      await at(page, 2 * N - 1);
      assert.match(await text(page, ".cot-verdict"), /^f = 2\.12\s*11 nodes · 2 inputs · adjoints of result/);
      assert.equal(await text(page, ".cot-counter"), `adjoint ${N} of ${N}`);
      assert.match(await text(page, ".cot-node"), /%0 x\s*value v\s*1\.2\s*adjoint v̄\s*1\.2/);
    });

    it("goes through the values forward and through the adjoints backward, by keyboard", async () => {
      const page = await open(small);
      for (const [key, step, counter] of [
        ["Home", 0, `value 1 of ${N}`],
        ["ArrowRight", 1, `value 2 of ${N}`],
        ["Shift+ArrowRight", 11, `adjoint 1 of ${N}`],
        ["ArrowLeft", 10, `value ${N} of ${N}`],
        ["End", 2 * N - 1, `adjoint ${N} of ${N}`],
      ] as const) {
        await slider(page).press(key);
        await at(page, step);
        assert.equal(await text(page, ".cot-counter"), counter);
      }
    });

    it("has no adjoint to show while the values are being computed", async () => {
      const page = await open(small);
      await slider(page).press("Home");
      await at(page, 0);
      assert.match(await text(page, ".cot-node"), /adjoint v̄\s*not yet/);
    });

    it("draws another graph at another step, and the same one again on the way back", async () => {
      const page = await open(small);
      const end = await picture(page);
      await slider(page).press("Home");
      await at(page, 0);
      await explained(page);
      const start = await picture(page);
      assert.notEqual(start, end);
      await slider(page).press("End");
      await at(page, 2 * N - 1);
      await explained(page);
      await nextFrame(page);
      assert.equal(await picture(page), end);
    });

    it("plays from the beginning to the end", async () => {
      const page = await open(small);
      await page.locator(".cot-speed").selectOption("60");
      await page.locator(".cot-play").click();
      await page.locator('.cot-tape[data-playing="true"]').waitFor();
      await at(page, 2 * N - 1);
      await page.locator('.cot-tape[data-playing="false"]').waitFor();
    });

    it("is scrubbed on its strip", async () => {
      const page = await open(small);
      const box = (await page.locator(".cot-strip").boundingBox())!;
      await page.mouse.click(box.x + 62 + (box.width - 84) / 2, box.y + 60);
      await page.locator('.cot-tape:not([data-step="21"])').waitFor();
      const step = Number(await page.locator(".cot-tape").getAttribute("data-step"));
      assert.ok(Math.abs(step - 10.5) <= 1.5, `${step}`);
    });
  });

  describe("beside the source", () => {
    it("colours every expression, the one that matters most the strongest", async () => {
      const page = await open(small);
      const pieces = await page
        .locator(".cot-expression")
        .evaluateAll((all) =>
          all.map((piece) => ({ text: piece.textContent, title: piece.getAttribute("title")! })),
        );
      assert.ok(pieces.some(({ text }) => text === "Math.sin(x)"));
      assert.ok(pieces.some(({ title }) => title.includes("100 % of the largest")));
    });

    it("goes to the node of an expression that is clicked, and frames the expression of a node that is shown", async () => {
      const page = await open(small);
      await page.locator(".cot-expression", { hasText: "Math.log(" }).click();
      const node = placeOf(small, "log");
      await at(page, 2 * N - 1 - node);
      assert.match(await text(page, ".cot-node"), /log Cell 1, line 4/);
      const marked = await page.locator(".cot-expression[data-current]").allInnerTexts();
      assert.equal(marked.join(""), "Math.log(b)");
    });

    it("goes round the iterations of a loop", async () => {
      const loop = loopTape();
      const page = await open(loop);
      const nodes = Array.from(loop.nodes.id).filter(
        (n) => loop.operations[loop.nodes.operation[n]!] === "exp",
      );
      const last = 2 * loop.nodes.id.length - 1;
      const piece = page.locator(".cot-expression", { hasText: "Math.exp(" }).first();
      await piece.click();
      // Backward, from the inputs on: the latest one again, then the one before it.
      const inLoop = nodes.slice(0, 12);
      await at(page, last - inLoop.at(-1)!);
      await piece.click();
      await at(page, last - inLoop.at(-2)!);
    });
  });

  describe("beside the graph", () => {
    it("goes to a node that is clicked", async () => {
      const page = await open(small);
      const box = (await page.locator(".cot-tape-canvas").boundingBox())!;
      // The output stands alone in the last layer, in the middle of its column.
      const found = await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>(".cot-tape-canvas")!;
        const { data, width, height } = canvas
          .getContext("2d")!
          .getImageData(0, 0, canvas.width, canvas.height);
        for (let y = height - 1; y > 0; y--)
          for (let x = 0; x < width; x++) if (data[4 * (y * width + x) + 3]! > 200) return [x, y];
        return [];
      });
      await page.mouse.click(box.x + found[0]! + 20, box.y + found[1]! - 10);
      await at(page, N);
      assert.match(await text(page, ".cot-node"), /add/);
    });

    it("folds the body of a loop, and unfolds it", async () => {
      const page = await open(loopTape());
      const folded = await picture(page);
      await page.getByLabel("fold repeated blocks").uncheck();
      await nextFrame(page);
      await explained(page);
      assert.notEqual(await picture(page), folded);
      assert.equal(await page.evaluate(() => window.tape.view!.state.folded), false);
    });

    it("offers nothing to fold where nothing repeats", async () => {
      const page = await open(small);
      assert.equal(await page.getByLabel("fold repeated blocks").isVisible(), false);
    });

    it("zooms by its buttons, and shows all of it again", async () => {
      const page = await open(small);
      const whole = await picture(page);
      await page.getByLabel("Zoom in").click();
      await nextFrame(page);
      assert.notEqual(await picture(page), whole);
      await page.getByLabel("Show all of it").click();
      await nextFrame(page);
      assert.equal(await picture(page), whole);
    });

    it("has no SVG element per node", async () => {
      const page = await open(largeTape(5000));
      assert.ok((await page.locator(".cot-tape svg *").count()) < 2000);
    });
  });

  describe("on why an adjoint is what it is", () => {
    it("shows the contributions that add up to it, and the paths; each leads on", async () => {
      const page = await open(small);
      assert.match(await text(page, ".cot-why"), /Why 1\.2\? The sum of 2 contributions/);
      assert.match(await text(page, ".cot-why"), /The 3 largest paths from the output \(100 % of it\)/);
      await page.locator(".cot-why table .cot-node-link").first().click();
      await page.locator('.cot-node[data-node="6"]').waitFor();
    });

    it("explains a zero", async () => {
      const f = compiled<(x: number) => number>(`(x) => { "use ad"; return Math.floor(x) * 2 + 1; }`);
      const page = await open(inspect(f, 1.5).trace);
      assert.match(await text(page, ".cot-why"), /Why 0\? step\. floor is piecewise constant/);
    });

    it("warns of contributions that cancel", async () => {
      const f = compiled<(x: number) => number>(`(x) => { "use ad"; return 101 * x - 100 * x; }`);
      const page = await open(inspect(f, 2).trace);
      assert.match(await text(page, ".cot-why"), /Contributions cancel: their sizes add up to 201 times/);
    });
  });

  describe("with its banners", () => {
    it("names the node that poisons the adjoints, and leads there", async () => {
      const page = await open(poisonedTape());
      assert.match(await text(page, ".cot-banner"), /Every value is finite, but the adjoint behind sqrt is NaN.*sqrt\(x \+ ε\)/s); // prettier-ignore
      await page.locator(".cot-banner .cot-node-link").click();
      await page.locator(`.cot-node[data-node="${placeOf(poisonedTape(), "sqrt")}"]`).waitFor();
    });

    it("oracle 19: says that AD's Γ of a call is 0 where a difference is not, and names the kink's node", async () => {
      const page = await open(kinkTape());
      assert.match(
        await text(page, ".cot-banner >> nth=0"),
        /∂²\/∂\(spot\)² is 0 by AD, but 0\.0\d+ by a difference/,
      );
      assert.match(await text(page, ".cot-banner >> nth=0"), /%\d+ max, Cell 1, line 3/);
    });
  });

  describe("over the paths of a simulation", () => {
    it("shows how the numbers of a node are spread, and where those of this path stand", async () => {
      const page = await open(pathsTape());
      assert.match(await text(page, ".cot-paths output"), /^21 of 40 \(number \d+\), result /);
      const captions = await page.locator(".cot-spread figcaption").allInnerTexts();
      assert.match(captions[0]!, /^v over the paths: 100 on all paths/);
      assert.match(captions[1]!, /^v̄ over the paths: mean 0\.\d+ ± 0\.\d+/);
      assert.ok((await page.locator(".cot-spread rect").count()) > 2);
    });

    it("drops into another path, at the same step", async () => {
      const paths = pathsTape();
      const page = await open(paths);
      await slider(page).press("Home");
      await at(page, 0);
      await page.getByRole("button", { name: "largest" }).click();
      await page.locator(".cot-paths output", { hasText: "40 of 40 (number 40)" }).waitFor();
      await at(page, 0);
      await slider(page).press("End");
      await at(page, 2 * paths.nodes.id.length - 1);
      await explained(page);
      assert.match(await text(page, ".cot-node"), /adjoint v̄\s*1\.\d+/);
      await page.getByRole("button", { name: "least" }).click();
      await page.locator(".cot-paths output", { hasText: "1 of 40 (number 1)" }).waitFor();
      await explained(page);
      assert.match(await text(page, ".cot-why"), /Why 0\? branch/);
      assert.equal(await page.evaluate(() => window.tape.view!.state.path), 0);
    });

    it("shows the share of the paths within δ of a kink and on each side of it, for a δ that is chosen by keyboard", async () => {
      const paths = pathsTape();
      const page = await open(paths);
      const node = placeOf(paths, "max");
      await page.evaluate((n) => window.tape.view!.showNode(n), node);
      await page.locator(`.cot-node[data-node="${node}"]`).waitFor();
      await explained(page);
      const { kinks, fractions } = paths.paths!;
      const share = (fraction: number) => `${(100 * kinks[0]!.within[fractions.indexOf(fraction)]!) / 40} % of 40 paths`; // prettier-ignore
      const said = await text(page, ".cot-kinks");
      assert.ok(said.startsWith(`${share(0.1)} within δ of the kink of max`), said);
      const [below, above] = [kinks[0]!.below, kinks[0]!.above].map((n) => `${n / 0.4} %`);
      assert.ok(said.includes(`${below} below`) && said.includes(`${above} above`), said);
      assert.match(said, /0\.1 σ = \d/);
      const near = page.locator(".cot-kink-slider");
      await near.press("ArrowRight");
      await near.press("ArrowRight");
      assert.ok((await text(page, ".cot-kinks")).startsWith(share(0.5)));
      assert.match((await near.getAttribute("aria-valuetext"))!, /^δ = 0\.5 σ\. max: .* within δ/);
      await slider(page).press("End");
      await page.locator(".cot-node[data-node='0']").waitFor();
      await explained(page);
      assert.equal(await page.locator(".cot-kinks").isVisible(), false);
    });

    it("says how many of the paths are in a saved tape, and offers those", async () => {
      const whole = pathsTape();
      const bounded = boundTapeTrace(whole, Math.floor(0.8 * tapeEncodedSize(whole)));
      const page = await open(bounded);
      const kept = bounded.paths!.count;
      assert.ok(kept < 40);
      assert.match(await text(page, ".cot-notes"), new RegExp(`${kept} of 40 saved paths kept: the saved trace is bounded`)); // prettier-ignore
      assert.match(await text(page, ".cot-paths output"), new RegExp(` of ${kept} \\(number `));
    });

    it("offers no choice where there is one path", async () => {
      const page = await open(small);
      assert.equal(await page.locator(".cot-paths, .cot-spread").count(), 0);
    });
  });

  describe("with other tapes", () => {
    it("plays a tape of tensors, with their shapes", async () => {
      const f = compiled<(x: { sum(): number; mul(y: unknown): never }) => number>(
        `(x) => { "use ad"; return x.mul(x).sum(); }`,
      );
      const seen = inspect(f as never, tensor([1, 2, 3]) as never);
      const page = await open(seen.trace);
      await slider(page).press("Home");
      await at(page, 0);
      assert.match(await text(page, ".cot-node"), /float(32|64) \[3\]/);
    });

    it("says what was left out of a large one", async () => {
      const page = await open(boundTapeTrace(largeTape(3000), 60_000));
      assert.match(await text(page, ".cot-notes"), /of 3,000 nodes kept: the saved trace is bounded/);
    });

    it("draws an empty one, and one without an output", async () => {
      const none = compiled<(x: number) => number>(`(x) => { "use ad"; return 3; }`);
      const page = await open(inspect(none, 1).trace);
      assert.match(await text(page, ".cot-verdict"), /no adjoints: the result does not depend on the inputs/);
      const nothing = compiled<() => number>(`() => { "use ad"; return 3; }`);
      await renderTape(page, encodeTape(inspect(nothing).trace));
      assert.match(await text(page, ".cot-notes"), /Nothing was recorded/);
    });

    it("lays a large one out in a worker and draws it", async () => {
      const page = await open(largeTape(20_000));
      await page.locator(".cot-tape-wait").waitFor({ state: "hidden" });
      await page.getByLabel("Show all of it").click();
      await nextFrame(page);
      assert.ok((await picture(page)).length > 3000);
    });
  });

  it("opens where the reader was, folded or not", async () => {
    const state = { step: 5, playing: false, rate: 2, loop: true, folded: false };
    const page = await open(loopTape(), { state });
    await at(page, 5);
    assert.deepEqual(await page.evaluate(() => window.tape.view!.state), state);
  });

  it("can be read as text", async () => {
    const page = await open(small);
    await page.locator(".cot-listing summary").click();
    await nextFrame(page);
    assert.match(await text(page, ".cot-listing-text"), /%0 = x\s+v 1\.2\s+v̄ 1\.2/);
    assert.match(await text(page, ".cot-listing-line[aria-current]"), /%0 = x/);
  });

  it("carries, on every element that can be focused, the mark that keeps a notebook's shortcuts away", async () => {
    const page = await open(loopTape());
    const unmarked = await page.evaluate(() =>
      [...document.querySelectorAll("button, input, select, [tabindex]")]
        .filter((element) => !element.hasAttribute("data-lm-suppress-shortcuts"))
        .map((element) => element.outerHTML),
    );
    assert.deepEqual(unmarked, []);
  });

  it("leaves nothing when it is destroyed, twice", async () => {
    const page = await open(largeTape(20_000));
    await page.evaluate(() => {
      window.tape.view!.play();
      window.tape.destroy();
      window.tape.destroy();
    });
    await nextFrame(page);
    assert.equal(await page.locator("main > *").count(), 0);
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`has a ${colorScheme} look on a ${colorScheme} page`, async () => {
      const page = await browser.open({ colorScheme });
      await renderTape(page, encodeTape(small));
      assert.equal(await page.locator(".cot-tape").getAttribute("data-scheme"), colorScheme);
    });
});
