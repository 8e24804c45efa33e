/** `npm start` in a fresh clone, with made-up npm and Python: what it does, and what it says when it cannot. */
import { join } from "node:path";
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

import { claimPort } from "../../../scripts/setup/port.mjs";
import { type Ended, SmallClone } from "../../support/small-clone.js";

/** It ended with a sentence and its remedy, and with nothing that only a developer understands. */
function assertTrouble({ code, output }: Ended, ...expected: readonly RegExp[]): void {
  for (const pattern of expected) assert.match(output, pattern);
  assert.doesNotMatch(output, /^\s+at .*:\d+/m, "no stack trace");
  assert.equal(code, 1);
}

describe("npm start", () => {
  let clone: SmallClone;
  beforeEach(() => (clone = new SmallClone()));
  afterEach(() => clone.remove());

  it("installs, builds, says where JupyterLab is, and ends quietly on Ctrl+C", async () => {
    clone.file("notebooks/01-watch-attention-converge.ipynb", "{}");
    const { code, output } = await clone.start();
    assert.match(output, /npm packages.*\n[^]*\.venv.*\n[^]*Building.*\n[^]*Starting JupyterLab/);
    assert.match(
      output,
      /http:\/\/127\.0\.0\.1:\d+\/lab\/tree\/01-watch-attention-converge\.ipynb\?token=[0-9a-f]{48}\n/,
    );
    assert.match(output, /Ctrl\+C stops it\. .*\n$/);
    assert.equal(code, 0);
  });

  it("does nothing twice", async () => {
    await clone.start();
    for (const name of ["npm", "python3"]) clone.program(name, "process.exit(1)");
    const { code, output } = await clone.start();
    assert.doesNotMatch(output, /npm packages|\.venv|Building/);
    assert.equal(code, 0);
  });

  it("installs anew what has changed its lock file", async () => {
    await clone.start();
    clone.file("package-lock.json", "{ }");
    const { output } = await clone.start();
    assert.match(output, /✓ Installing the npm packages/);
    assert.doesNotMatch(output, /\.venv/);
    clone.file("constraints.txt", "x==1\n");
    assert.match((await clone.start()).output, /✓ Installing JupyterLab/);
  });

  it("builds anew when a source has changed, or a product is gone", async () => {
    await clone.start();
    clone.file("lib/src/index.ts", "export {};");
    assert.match((await clone.start()).output, /✓ Building/);
    const tsc = "node_modules/typescript/bin/tsc";
    // As the real one: without being forced it makes nothing for sources that have not changed.
    clone.file(tsc, `if (process.argv.includes("--force")) { ${clone.read(tsc)} }`);
    clone.removeFile("kernel/dist/node/main.js");
    assert.match((await clone.start()).output, /✓ Building/);
    assert.ok(clone.has("kernel/dist/node/main.js"));
  });

  it("passes options on to JupyterLab, but keeps it on this machine", async () => {
    await clone.start(["--no-browser", "--port", "0", "--LabApp.collaborative=true"]);
    const log = clone.read(".cotangent/jupyter.log");
    assert.match(
      log,
      /lab --config=jupyter-config\.json --no-browser --ServerApp\.port=\d+ .*collaborative=true/,
    );
    assert.doesNotMatch(log, /ip=/);
  });

  it("opens a browser where there is a screen, unless told not to", async () => {
    for (const name of ["xdg-open", "open"])
      clone.program(
        name,
        `require("node:fs").writeFileSync(${JSON.stringify(join(clone.root, "opened.txt"))}, process.argv[2]);`,
      );
    const env = { DISPLAY: ":0" };
    await clone.start(["--no-browser", "--port", "0"], { env });
    assert.ok(!clone.has("opened.txt"));
    const opened = clone.untilWritten("opened.txt");
    const { output } = await clone.start(undefined, { env, stopWhen: opened });
    assert.ok(output.includes(`\n    ${clone.read("opened.txt")}\n`));
  });

  it("stops the server, too, when it is ended in another way", async () => {
    for (const signal of ["SIGTERM", "SIGHUP"] as const)
      assert.equal((await clone.start(undefined, { signal })).code, 0);
  });

  it("explains itself", async () => {
    const { code, output } = await clone.start(["--help"]);
    assert.match(output, /--port 8890/);
    assert.equal(code, 0);
    assert.ok(!clone.has("node_modules/.package-lock.json"));
  });

  describe("says in a sentence what to do about", () => {
    it("a port that is taken, before anything is installed", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      try {
        const ended = await clone.start(["--port", String(port)]);
        assertTrouble(ended, new RegExp(`Port ${port} is taken`), /npm start -- --port \d+/);
        assert.ok(!clone.has("node_modules/.package-lock.json"));
      } finally {
        server.close();
      }
    });

    it("a port that is none", async () => {
      assertTrouble(await clone.start(["--port", "http"]), /"http" is not a port/, /1 to 65535/);
      assertTrouble(await clone.start(["--port"]), /"" is not a port/);
    });

    it("a missing Python", async () => {
      clone.removeFile("programs/python3");
      assertTrouble(await clone.start(), /needs Python.*none was found/, /Install Python 3\.10 or newer/);
    });

    it("a Python that is too old, naming what was found", async () => {
      clone.program("python3", 'console.log("3.8")');
      clone.program("python", 'console.log("2.7")');
      assertTrouble(await clone.start(), /3\.10 or newer; found 3\.8, 2\.7\./, /Install Python/);
    });

    it("a Python without its venv module", async () => {
      clone.program(
        "python3",
        `if (process.argv[2] === "-c") console.log("3.11");
         else {
           console.log("The virtual environment was not created successfully because ensurepip is not available.");
           process.exit(1);
         }`,
      );
      assertTrouble(await clone.start(), /"venv" module/, /sudo apt install python3-venv/);
    });

    it("no network while npm installs", async () => {
      clone.program(
        "npm",
        `console.error("npm error code EAI_AGAIN\\nnpm error getaddrinfo EAI_AGAIN x"); process.exit(1)`,
      );
      assertTrouble(await clone.start(), /npm packages could not be downloaded/, /Check the connection/);
    });

    it("no network while pip installs", async () => {
      clone.pip(
        `console.error("WARNING: Retrying after connection broken by 'NewConnectionError(...)'");
         console.error("ERROR: No matching distribution found for jupyterlab"); process.exit(1)`,
      );
      assertTrouble(await clone.start(), /JupyterLab could not be downloaded/, /Check the connection/);
    });

    it("a full disk, and a clone that is not one's own", async () => {
      clone.program("npm", `console.error("npm error code ENOSPC"); process.exit(1)`);
      assertTrouble(
        await clone.start(),
        /npm packages could not be installed: the disk is full/,
        /Make room/,
      );
      clone.program(
        "npm",
        `console.error("npm error code EACCES\\nnpm error path /clone/node_modules"); process.exit(1)`,
      );
      assertTrouble(
        await clone.start(),
        /: \/clone\/node_modules may not be written/,
        /Make the clone your own/,
      );
    });

    it("an npm that fails for a reason of its own, showing it", async () => {
      clone.program("npm", `console.error("npm error code EUSAGE"); process.exit(1)`);
      assertTrouble(await clone.start(), /npm error code EUSAGE/, /npm packages could not be installed/);
    });

    it("a source that does not compile, showing where", async () => {
      await clone.start();
      clone.file("lib/src/index.ts", "export {};");
      clone.file(
        "node_modules/typescript/bin/tsc",
        `console.log("lib/src/index.ts(1,1): error TS1"); process.exit(2)`,
      );
      assertTrouble(await clone.start(), /index\.ts\(1,1\): error TS1/, /The TypeScript did not build/);
    });

    it("a JupyterLab that does not start, showing what it said", async () => {
      await clone.start();
      clone.executable(".venv/bin/jupyter", 'console.error("Bad config encountered"); process.exit(1)');
      assertTrouble(await clone.start(), /Bad config encountered/, /JupyterLab did not start/);
    });
  });

  describe("recovers from", () => {
    it("being stopped while npm installs, and leaves no npm behind", async () => {
      clone.program(
        "npm",
        // As the real one: told to stop, it goes on for a while.
        `process.on("SIGINT", () => {}); require("node:fs").writeFileSync("npm.pid", String(process.pid));
         setInterval(() => {}, 60000);`,
      );
      const written = clone.untilWritten("npm.pid");
      const stopped = clone.start(undefined, { stopWhen: written });
      assert.equal((await stopped).code, 130);
      assert.throws(() => process.kill(Number(clone.read("npm.pid")), 0), /ESRCH/);
      clone.program("npm");
      assert.equal((await clone.start()).code, 0);
    });

    it("an npm install that was cut off", async () => {
      clone.program(
        "npm",
        `require("node:fs").mkdirSync("node_modules/half"); process.kill(process.pid, "SIGKILL");`,
      );
      assert.equal((await clone.start()).code, 1);
      clone.program("npm");
      assert.equal((await clone.start()).code, 0);
    });

    it("a .venv that was left half made", async () => {
      clone.pip('process.kill(process.pid, "SIGKILL")');
      assert.equal((await clone.start()).code, 1);
      clone.file(".venv/half", "");
      clone.program("python3");
      assert.equal((await clone.start()).code, 0);
      assert.ok(!clone.has(".venv/half"));
    });

    it("a clone that was moved: its .venv names the old place", async () => {
      await clone.start();
      clone.move();
      assert.match((await clone.start()).output, /✓ Installing JupyterLab/);
    });

    it("a Python shim that fails, by the next one", async () => {
      clone.program("python3.12");
      clone.program("python3", 'console.error("pyenv: python3: command not found"); process.exit(127)');
      assert.equal((await clone.start()).code, 0);
    });

    it("a server that was killed and left its note behind", async () => {
      await clone.start();
      const port = await claimPort(0);
      clone.file(".cotangent/jupyter/runtime/jpserver-1.json", `{ "port": ${port}, "url": "http://old/" }`);
      const { output } = await clone.start(["--port", String(port)]);
      assert.match(output, new RegExp(`http://127\\.0\\.0\\.1:${port}/lab`));
    });
  });
});
