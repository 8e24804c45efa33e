/** The `cotangent` command: what it writes, what it leaves alone, and what it says. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { jupyterEnvironment, venvProgram } from "../../../scripts/setup/paths.mjs";

const COMMAND = resolve(import.meta.dirname, "../../../kernel/dist/command.js");

/** Start the installed kernel as any Jupyter does, and ask it. */
const ASK = `
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="cotangent")
reply = client.execute_interactive("const two: number = 1 + 1", user_expressions={"two": "two"}, timeout=30)
print(reply["content"]["user_expressions"]["two"]["data"]["text/plain"])
client.stop_channels()
manager.shutdown_kernel()
`;

describe("cotangent", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cotangent-command-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const cotangent = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    // Nothing of the developer's own is touched or looked at.
    const own = { PATH: process.env["PATH"], HOME: folder, JUPYTER_DATA_DIR: join(folder, "data"), ...env };
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
      encoding: "utf8",
      env: own,
    });
    return { status, stdout, stderr };
  };
  const data = () => join(folder, "share", "jupyter");

  it("installs a kernel that any Jupyter can start, and the extension beside it", () => {
    assert.equal(cotangent(["install", "--prefix", folder]).status, 0);
    assert.ok(existsSync(join(data(), "labextensions", "@cotangent", "labextension", "package.json")));
    assert.deepEqual(readdirSync(join(data(), "kernels", "cotangent")).sort(), [
      "install.json",
      "kernel.json",
      "logo-32x32.png",
      "logo-64x64.png",
      "logo-svg.svg",
    ]);
    const env = { ...jupyterEnvironment(join(folder, "home")), JUPYTER_PATH: data() };
    const { stdout, stderr } = spawnSync(venvProgram("python"), ["-c", ASK], { encoding: "utf8", env });
    assert.equal(stdout.trim(), "2", stderr);
  });

  it("installs for the user, or into the active Python environment, as it is told", () => {
    assert.equal(cotangent(["install"]).status, 0);
    assert.ok(existsSync(join(folder, "data", "kernels", "cotangent", "kernel.json")));
    assert.equal(cotangent(["install", "--sys-prefix"], { VIRTUAL_ENV: join(folder, "venv") }).status, 0);
    assert.ok(existsSync(join(folder, "venv", "share", "jupyter", "kernels", "cotangent", "kernel.json")));
  });

  it("can be installed twice, and uninstalls what it installed and nothing else", () => {
    const other = join(data(), "kernels", "other");
    mkdirSync(other, { recursive: true });
    for (let times = 0; times < 2; times++)
      assert.equal(cotangent(["install", "--prefix", folder]).status, 0);
    assert.match(cotangent(["uninstall", "--prefix", folder]).stdout, /Removed .*Removed /s);
    assert.deepEqual(readdirSync(join(data(), "kernels")), ["other"]);
    assert.match(cotangent(["uninstall", "--prefix", folder]).stdout, /Nothing is installed/);
    assert.ok(!existsSync(join(data(), "labextensions")), "an empty folder that it made goes, too");
  });

  it("leaves files of others, in its own folders too, and says so", () => {
    cotangent(["install", "--prefix", folder]);
    const notes = ["kernels/cotangent/mine.txt", "labextensions/@cotangent/labextension/static/mine.js"];
    for (const note of notes) writeFileSync(join(data(), note), "mine");
    cotangent(["install", "--prefix", folder]);
    assert.match(cotangent(["uninstall", "--prefix", folder]).stdout, /Left files.*Left files/s);
    for (const note of notes) assert.equal(readFileSync(join(data(), note), "utf8"), "mine");
    assert.deepEqual(readdirSync(join(data(), "kernels", "cotangent")), ["mine.txt"]);
  });

  it("takes an empty variable for none, and an empty prefix for a mistake", () => {
    const here = { JUPYTER_DATA_DIR: "", XDG_DATA_HOME: "" };
    if (process.platform === "linux") {
      assert.equal(cotangent(["install"], here).status, 0);
      assert.ok(existsSync(join(folder, ".local", "share", "jupyter", "kernels", "cotangent")));
    }
    assert.match(cotangent(["install", "--prefix", ""]).stderr, /names no folder/);
  });

  it("leaves a kernel of the same name alone that it did not make", () => {
    const foreign = join(data(), "kernels", "cotangent");
    mkdirSync(foreign, { recursive: true });
    writeFileSync(join(foreign, "kernel.json"), '{"argv": ["mine"]}');
    for (const command of ["install", "uninstall"]) {
      const { status, stderr } = cotangent([command, "--prefix", folder]);
      assert.equal(status, 2);
      assert.match(stderr, /was not made by this command/);
    }
    assert.equal(readFileSync(join(foreign, "kernel.json"), "utf8"), '{"argv": ["mine"]}');
  });

  it("leaves an extension alone that it did not make", () => {
    const foreign = join(data(), "labextensions", "@cotangent", "labextension");
    mkdirSync(foreign, { recursive: true });
    writeFileSync(join(foreign, "mine.js"), "mine");
    for (const command of ["install", "uninstall"])
      assert.equal(cotangent([command, "--prefix", folder]).status, 2);
    assert.deepEqual(readdirSync(foreign), ["mine.js"]);
  });

  it("examines itself: versions, engines, a kernel that really answers, and remedies", () => {
    const missing = cotangent(["doctor", "--json"]);
    assert.equal(missing.status, 1);
    const findings = JSON.parse(missing.stdout) as { what: string; found: string; remedy?: string }[];
    const of = (what: string) => findings.find((finding) => finding.what === what)!;
    assert.equal(of("kernelspec").remedy, "Run: npx cotangent install");
    assert.match(of("a kernel, started").found, /^1 \+ 1 is 2/);
    cotangent(["install"]);
    const whole = cotangent(["doctor"]);
    assert.equal(whole.status, 0, whole.stdout);
    assert.match(whole.stdout, /✓ kernelspec +\S/);
  });

  it("finds what is broken or gone, whatever is on the PATH", () => {
    cotangent(["install"]);
    const doctor = (env: NodeJS.ProcessEnv = {}) => cotangent(["doctor"], env);
    const kernel = join(folder, "data", "kernels", "cotangent", "kernel.json");
    const extension = join(folder, "data", "labextensions", "@cotangent", "labextension");
    writeFileSync(kernel, "{");
    rmSync(join(extension, "package.json"));
    const programs = join(folder, "programs");
    mkdirSync(programs);
    writeFileSync(join(programs, "jupyter"), "#!/bin/sh\necho no JSON\n", { mode: 0o755 });
    const broken = doctor({ PATH: programs });
    assert.match(broken.stdout, /✗ kernelspec .*cannot be read/);
    assert.match(broken.stdout, /✗ JupyterLab extension .*cannot be read/);
    rmSync(extension, { recursive: true });
    assert.match(doctor().stdout, /✗ JupyterLab extension +none/);
    assert.equal(cotangent(["install"]).status, 0, "which repairs it");
    assert.equal(doctor().status, 0);
  });

  it("says what it does not understand", () => {
    for (const [args, said] of [
      [["instal"], /Did you mean "install"\?/],
      [["unintsall"], /Did you mean "uninstall"\?/],
      [["frobnicate"], /There is no command "frobnicate"\.\n/],
      [["install", "extra"], /takes nothing more/],
      [["install", "--json"], /takes no --json/],
      [["kernel"], /one connection file/],
      [["install", "--usr"], /Unknown option '--usr'/],
      [["install", "--user", "--sys-prefix"], /Choose one/],
    ] as const) {
      const { status, stderr } = cotangent(args);
      assert.equal(status, 2);
      assert.match(stderr, said);
    }
    assert.match(cotangent([]).stdout, /^cotangent install/);
    assert.match(cotangent(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
