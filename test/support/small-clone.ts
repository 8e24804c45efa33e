/** A clone with nothing but the scripts, and made-up programs on its PATH: for what can go wrong in a set-up. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ROOT } from "../../scripts/setup/paths.mjs";

const READY = "Cotangent is ready";

export interface Ended {
  readonly code: number | null;
  /** What it printed, errors too. */
  readonly output: string;
}

/** An npm that installs the tools that the build calls; they "build" what the set-up looks for. */
const NPM = `
const { mkdirSync, writeFileSync } = require("node:fs");
const { dirname } = require("node:path");
const put = (file, text = "") => { mkdirSync(dirname(file), { recursive: true }); writeFileSync(file, text); };
const putting = (...files) =>
  "const fs = require('node:fs'); for (const f of " + JSON.stringify(files) + ") {" +
  "fs.mkdirSync(require('node:path').dirname(f), { recursive: true }); fs.writeFileSync(f, '{}'); }";
put("node_modules/.package-lock.json", "{}");
put("node_modules/typescript/bin/tsc",
  putting("lib/dist/index.js", "kernel/dist/node/main.js", "extensions/views/dist/index.js"));
put("node_modules/esbuild/package.json", JSON.stringify({ name: "esbuild", exports: "./main.mjs" }));
put("node_modules/esbuild/main.mjs", "import { mkdirSync, writeFileSync } from 'node:fs';" +
  "export const build = ({ outdir }) => { mkdirSync(outdir); writeFileSync(outdir + '/index.js', ''); };");
put("node_modules/@jupyter/builder/lib/build-labextension.js",
  putting("share/jupyter/labextensions/@cotangent/labextension/package.json"));
`;

const JUPYTER = `
const { writeFileSync } = require("node:fs");
const { JUPYTER_RUNTIME_DIR, JUPYTER_TOKEN: token } = process.env;
const port = Number(/--ServerApp.port=(\\d+)/.exec(process.argv.join(" "))[1]);
console.log("arguments: " + process.argv.slice(2).join(" "));
process.on("SIGTERM", () => process.exit(0));
require("node:net").createServer().listen(port, "127.0.0.1");
writeFileSync(JUPYTER_RUNTIME_DIR + "/jpserver-" + process.pid + ".json",
  JSON.stringify({ url: "http://127.0.0.1:" + port + "/", port, token }));
`;

/** A Python 3.11 whose environments hold a Python that runs `pip`, and a Jupyter that listens. */
const python = (pip = "") => `
const { chmodSync, mkdirSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2);
if (args[0] === "-c") console.log("3.11");
else if (args[1] === "venv") {
  const bin = args[2] + "/bin/";
  mkdirSync(bin, { recursive: true });
  for (const [name, body] of Object.entries(${JSON.stringify({ python: pip, jupyter: JUPYTER })})) {
    writeFileSync(bin + name, "#!" + process.execPath + "\\n" + body);
    chmodSync(bin + name, 0o755);
  }
}
`;

export class SmallClone {
  root = mkdtempSync(join(tmpdir(), "cotangent-clone-"));

  constructor() {
    cpSync(join(ROOT, "scripts"), join(this.root, "scripts"), { recursive: true });
    // The programs have no ending that says what they are: CommonJS.
    this.file("package.json", "{}");
    this.file("package-lock.json", "{}");
    this.file("lib/package.json", JSON.stringify({ exports: {} }));
    this.file("kernel/kernelspec/logo-svg.svg", "<svg/>");
    this.file("kernel/kernelspec/kernel.json", "{}");
    this.program("npm");
    this.program("python3");
  }

  /** The only folder on the PATH. */
  get programs(): string {
    return join(this.root, "programs");
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  file(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** Resolves when a file at the top of the clone is there and not empty. */
  async untilWritten(name: string): Promise<void> {
    for await (const _ of watch(this.root)) if (this.has(name) && this.read(name) !== "") return;
  }

  removeFile(path: string): void {
    rmSync(join(this.root, path));
  }

  /** Put a program on the PATH, given as JavaScript or, for npm and Python, one that works. */
  program(name: string, body = name === "npm" ? NPM : python()): void {
    this.executable(join("programs", name), body);
  }

  /** Let Python's environments have this as their pip. */
  pip(body: string): void {
    this.program("python3", python(body));
  }

  executable(path: string, body: string): void {
    this.file(path, `#!${process.execPath}\n${body}`);
    chmodSync(join(this.root, path), 0o755);
  }

  /** To another folder, as a whole. */
  move(): void {
    const elsewhere = `${this.root}-moved`;
    renameSync(this.root, elsewhere);
    this.root = elsewhere;
  }

  /**
   * Run `npm start`'s script to its end.
   *
   * @param stopWhen it is sent `signal` then; when not given, as soon as JupyterLab is ready
   */
  async start(
    args: readonly string[] = ["--port", "0"],
    {
      stopWhen,
      signal = "SIGINT",
      env = {},
    }: { stopWhen?: Promise<void>; signal?: NodeJS.Signals; env?: Record<string, string> } = {},
  ): Promise<Ended> {
    const child = spawn(process.execPath, [join(this.root, "scripts", "start.mjs"), ...args], {
      env: { PATH: this.programs, HOME: this.root, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        const before = output.includes(READY);
        output += text;
        if (!stopWhen && !before && output.includes(READY)) child.kill(signal);
      });
    void stopWhen?.then(() => child.kill(signal));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
