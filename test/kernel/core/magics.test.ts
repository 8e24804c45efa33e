/** Line magics at the top of a cell. */
import assert from "node:assert/strict";

import { listMagics, readMagics, unknownMagic } from "../../../kernel/src/core/magics.js";

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
