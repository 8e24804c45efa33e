/** Type errors in print. */
import assert from "node:assert/strict";

import { Cells } from "../../../kernel/src/core/cells.js";
import type { Message } from "../../../kernel/src/core/message.js";
import { renderTypeErrors, summarise } from "../../../kernel/src/core/type-errors.js";

// eslint-disable-next-line no-control-regex -- terminal colours begin with the escape character
const plain = (lines: readonly string[]) => lines.join("\n").replace(/\u001b\[\d+m/g, "");

describe("type errors", () => {
  const cells = new Cells();
  const earlier = cells.add({} as Message, "interface P {\n  x: number;\n}", "Cell 1");
  const source = 'const p: P = {\n\tx: "漢字",\n};\nfoo(\n  1,\n  2,\n  3,\n  4,\n)';
  const record = cells.add({} as Message, source, "Cell 2");
  const range = (text: string, at = source.indexOf(text)) => ({ start: at, end: at + text.length });
  const wrong = {
    code: 2322,
    message: "Type 'string' is not assignable to type 'number'.\n  A reason.",
    ...range("x"),
    related: [
      {
        message: "The expected type comes from property 'x' which is declared here on type 'P'",
        where: { cell: earlier.id, start: 16, end: 17 },
      },
    ],
  };

  it("print like those of tsc, with the cell's own lines and related places", () => {
    assert.equal(
      plain(renderTypeErrors([wrong], record, cells)),
      `Cell 2:2:2 - error TS2322: Type 'string' is not assignable to type 'number'.
  A reason.

2  x: "漢字",
   ~

  Cell 1:2:3
    2   x: number;
        ~
    The expected type comes from property 'x' which is declared here on type 'P'

Found 1 type error; the cell did not run.`,
    );
  });

  it("mark wide characters at their width, and cut a long stretch in the middle", () => {
    const wide = { code: 1, message: "wide.", ...range('"漢字"'), related: [] };
    const long = { code: 2, message: "long.", ...range("foo"), end: source.length, related: [] };
    assert.equal(
      plain(renderTypeErrors([wide, long], record, cells)),
      `Cell 2:2:5 - error TS1: wide.

2  x: "漢字",
      ~~~~~~

Cell 2:4:1 - error TS2: long.

4 foo(
  ~~~~
5   1,
    ~~
...
9 )
  ~

Found 2 type errors; the cell did not run.`,
    );
  });

  it("show of a very long line what is around the mark", () => {
    const long = cells.add({} as Message, `${"a".repeat(5000)}wrong${"b".repeat(5000)}`, "Cell 3");
    const text = plain(renderTypeErrors([{ ...wrong, start: 5000, end: 5005, related: [] }], long, cells));
    assert.match(text, /^Cell 3:1:5001 - error[^]*\n1 a{100}wrongb{95}\n {102}~{5}\n/);
  });

  it("are counted when there are many, and said in one line for the reply", () => {
    const many = Array.from({ length: 25 }, () => wrong);
    const text = plain(renderTypeErrors(many, record, cells));
    assert.equal(text.match(/error TS2322/g)?.length, 10);
    assert.match(text, /… and 15 more\.\n\nFound 25 type errors/);
    assert.equal(
      summarise(many, record),
      "TS2322: Type 'string' is not assignable to type 'number'. (Cell 2, line 2) and 24 more errors",
    );
    assert.match(plain(renderTypeErrors([wrong], record, cells, "warning")), /warning TS2322(?![^]*Found)/);
  });
});
