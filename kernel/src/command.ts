#!/usr/bin/env node
/** The `cotangent` command. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { type Asked, type CommandName, HELP, parseCommand } from "./command/arguments.js";
import { examine, type Finding } from "./command/doctor.js";
import { install, uninstall } from "./command/install.js";
import { CommandError, KERNEL_MAIN, PACKAGE, targetFolder } from "./command/places.js";

const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { version: string };
const say = (line: string) => console.log(line);

function print(findings: readonly Finding[]): void {
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const { what, found, remedy } of findings) {
    say(`${remedy === undefined ? "✓" : "✗"} ${what.padEnd(width)}  ${found}`);
    if (remedy !== undefined) say(`${" ".repeat(width + 4)}→ ${remedy}`);
  }
}

const commands: Record<CommandName, (asked: Asked) => Promise<void> | void> = {
  install: (asked) => install(targetFolder(asked, process.env), say),
  uninstall: (asked) => uninstall(targetFolder(asked, process.env), say),
  async doctor({ json }) {
    const findings = await examine(process.env, version);
    if (json) say(JSON.stringify(findings, null, 2));
    else print(findings);
    if (findings.some(({ remedy }) => remedy !== undefined)) process.exitCode = 1;
  },
  async kernel({ rest }) {
    // The kernel reads its connection file where it would be had it been started itself.
    process.argv.splice(2, Infinity, ...rest);
    await import(pathToFileURL(KERNEL_MAIN).href);
  },
  help: () => say(HELP),
  version: () => say(version),
};

try {
  const asked = parseCommand(process.argv.slice(2));
  await commands[asked.command](asked);
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
