/** How trouble is told. */
import assert from "node:assert/strict";

import { main, Trouble } from "../../../scripts/setup/trouble.mjs";

/** What is told when a script fails with `error`; the status is left as it was. */
async function told(error: unknown): Promise<string> {
  let text = "";
  const stderr = { write: (more: string) => (text += more) } as unknown as NodeJS.WriteStream & { fd: 2 };
  const status = process.exitCode;
  try {
    await main(() => Promise.reject(error), { stderr });
    assert.equal(process.exitCode, 1);
    return text;
  } finally {
    process.exitCode = status;
  }
}

const fileError = (code: string) =>
  Object.assign(new Error(`${code}: …`), { code, path: "/clone/.cotangent" });

describe("trouble", () => {
  it("is a sentence and a remedy, after what the failing program printed", async () => {
    assert.equal(
      await told(new Trouble("It rains.", "Wait.", "drip\ndrop\n")),
      "\ndrip\ndrop\n\nIt rains.\nWait.\n",
    );
  });

  it("with a file says which file, why, and what to do", async () => {
    assert.match(
      await told(fileError("EACCES")),
      /\/clone\/\.cotangent may not be read.*\nMake the clone your own/,
    );
    assert.match(
      await told(fileError("EROFS")),
      /is on a disk that is read-only\.\nClone Cotangent to where/,
    );
    assert.match(
      await told(fileError("ENOSPC")),
      /could not be written: the disk is full\.\nMake room and run/,
    );
  });

  it("that nobody foresaw is not hidden", async () => {
    await assert.rejects(told(new TypeError("a bug")), TypeError);
  });
});
