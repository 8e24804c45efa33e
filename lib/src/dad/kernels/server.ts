/** Which Jupyter server: given, or one that runs on this machine. */
import { OptionError } from "../../errors.js";

export interface Server {
  /** As in "http://127.0.0.1:8888/". */
  readonly baseUrl: string;
  readonly token: string;
}

const REMEDY =
  'Start one with "jupyter lab", or name it: kernelSites({ server: { baseUrl: "http://127.0.0.1:8888/", token: "…" } }).';

interface Described {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Where servers describe themselves: Jupyter's runtime folder, which a kernel is told of by its connection file. */
async function runtimeFolders(): Promise<string[]> {
  const [{ homedir }, { dirname, join }] = await Promise.all([import("node:os"), import("node:path")]);
  const { env, argv, platform } = process;
  const connection = argv.find((argument) => /kernel-[^/\\]*\.json$/.test(argument));
  const home =
    platform === "darwin"
      ? join(homedir(), "Library", "Jupyter", "runtime")
      : platform === "win32"
        ? join(env["APPDATA"] ?? homedir(), "jupyter", "runtime")
        : join(env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "jupyter", "runtime");
  return [env["JUPYTER_RUNTIME_DIR"], connection && dirname(connection), home].filter((each) => each !== undefined) as string[]; // prettier-ignore
}

/**
 * The server that runs on this machine, if there is one: the latest, where there are several.
 * @throws OptionError that says what to do when there is none
 */
export async function runningServer(): Promise<Server> {
  const [{ readdir, readFile, stat }, { join }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
  ]);
  const found: (Server & { readonly at: number })[] = [];
  for (const folder of await runtimeFolders()) {
    const files = await readdir(folder).catch(() => []);
    for (const file of files.filter((name) => /^jpserver-\d+\.json$/.test(name))) {
      const path = join(folder, file);
      try {
        const { url, token, pid } = JSON.parse(await readFile(path, "utf8")) as Described;
        if (isAlive(pid)) found.push({ baseUrl: url, token, at: (await stat(path)).mtimeMs });
      } catch {
        // Half written, or gone: it is none of ours to mend.
      }
    }
    if (found.length > 0) break;
  }
  const latest = found.sort((a, b) => b.at - a.at)[0];
  if (!latest) throw new OptionError(`No Jupyter server runs on this machine, as far as its runtime folder says. ${REMEDY}`); // prettier-ignore
  return { baseUrl: latest.baseUrl, token: latest.token };
}
