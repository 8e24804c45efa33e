/** Line magics at the top of a cell. */
import assert from "node:assert/strict";

import { listMagics, readMagics, unknownMagic } from "../../../kernel/src/core/magics.js";
import { type MagicScope, obeyMagics } from "../../../kernel/src/core/obey-magics.js";

describe("line magics", () => {
  it("are read and blanked, and everything else stays where it was", () => {
    const source = "\n  %types warn \r\n%magics\n\nlet x = 5 %\n3;\n%types off";
    const read = readMagics(source);
    assert.deepEqual(read.magics, [
      { name: "types", argument: "warn", line: 2 },
      { name: "magics", argument: "", line: 3 },
    ]);
    assert.equal(read.source.length, source.length);
    assert.equal(read.source.trimStart(), "let x = 5 %\n3;\n%types off");
    assert.equal(read.source.split("\n").length, source.split("\n").length);
  });

  it("are nowhere else", () => {
    for (const source of ["x\n% 3", "let a = 7\n%types", "", "'%types'", "/* */ %types"])
      assert.deepEqual(readMagics(source), { source, magics: [] });
  });

  it("that do not exist are refused with those that do", () => {
    const { magics } = readMagics("%types off\n%matplotlib inline");
    assert.equal(
      unknownMagic(magics),
      "There is no magic %matplotlib (line 2). These exist: %types, %magics.",
    );
    assert.equal(unknownMagic(readMagics("%types").magics), null);
    assert.match(unknownMagic(readMagics("%%time\n1").magics) ?? "", /no magic %time/);
    assert.match(listMagics(), /^%types .*\n%magics .*\n$/);
  });
});

describe("the line magic %types", () => {
  /** The level before is "error". */
  const obey = (source: string) => {
    const context: { typeLevel: MagicScope["context"]["typeLevel"] } = { typeLevel: "error" };
    let said = "";
    const { source: rest, magics } = readMagics(source);
    const refusal = obeyMagics(magics, { context, say: (text) => (said += text) });
    return { rest, level: context.typeLevel, said, refusal: refusal?.evalue ?? null };
  };

  it("sets the level from the top of a cell, and leaves its line blank", () => {
    assert.deepEqual(obey("%types warn\nlet a = 1"), {
      rest: "           \nlet a = 1",
      level: "warn",
      said: "",
      refusal: null,
    });
    assert.equal(obey("\n  %types   off  \r\nx").level, "off");
    assert.equal(obey("%types off\n%types warn").level, "warn");
  });

  it("alone says the level", () => {
    assert.match(obey("%types").said, /^Type checks: error \(/);
  });

  it("refuses what is no level, and then changes nothing", () => {
    const { level, refusal } = obey("%types off\n%types loud");
    assert.equal(level, "error");
    assert.match(refusal ?? "", /"loud" is no level/);
    assert.match(obey("%typesafe").refusal ?? "", /no magic %typesafe/);
    assert.match(obey("%types constructor").refusal ?? "", /no level/);
  });

  it("is left alone inside code", () => {
    for (const source of ["let a = 5\n%types off", "a %types", "const s = `\n%types off\n`"])
      assert.deepEqual(obey(source), { rest: source, level: "error", said: "", refusal: null });
  });
});
