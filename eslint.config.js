/** Lint rules; the import boundaries below are the arrows of the house (see CONTRIBUTING.md). */
import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import globals from "globals";
import tseslint from "typescript-eslint";

/** Our packages, by the folder they live in. */
const packages = {
  lib: "cotangent",
  kernel: "@cotangent/kernel",
  views: "@cotangent/views",
  labextension: "@cotangent/labextension",
};

/** Every way of naming a package of ours, as an import pattern. */
const namesOf = (part) => [packages[part], `${packages[part]}/*`];

const forbid = (files, patterns) => ({
  files,
  rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
});
const not = (parts, why) => ({ group: parts.flatMap(namesOf), message: why });
const outside = {
  regex: "^(\\.\\./)+(lib|kernel|extensions|views|labextension|test|notebooks)/",
  message: "Import another part of the house by its package name.",
};

/** Transport, evaluator and type engine: the core and the compiler are handed them. */
const injected = {
  group: ["zeromq", "node:inspector", "inspector", "node:worker_threads", "typescript", "typescript/*"],
  message: "The core takes messages in and gives messages out; what does the work is injected.",
};

const boundaries = [
  forbid(
    ["lib/src/**"],
    [not(["lib", "kernel", "views", "labextension"], "lib imports nothing of ours."), outside],
  ),
  forbid(
    ["lib/src/trace/**"],
    [
      not(["lib", "kernel", "views", "labextension"], "lib imports nothing of ours."),
      {
        regex: "^\\.\\./(?!tape\\.js$)",
        message: "lib/trace is the ground floor: it imports nothing above it.",
      },
      { regex: "^[^.]", message: "lib/trace is the ground floor: it needs no package." },
    ],
  ),
  forbid(
    ["kernel/src/**"],
    [
      not(["views", "labextension"], "The kernel knows no view."),
      {
        regex: "^cotangent(?!/(trace|transform)$)(/|$)",
        message: "The kernel may import only cotangent/trace (types) and cotangent/transform.",
      },
      {
        group: ["cotangent/trace"],
        message: "Only types of cotangent/trace: import type.",
        allowTypeImports: true,
      },
      outside,
    ],
  ),
  forbid(
    ["kernel/src/compile/**"],
    [
      not(["views", "labextension"], "Compiling is of text alone."),
      { regex: "^cotangent(?!/transform$)(/|$)", message: "Of the library, compile knows the pass alone." },
      injected,
      outside,
    ],
  ),
  forbid(
    ["kernel/src/core/**"],
    [
      not(["lib", "views", "labextension"], "The core is free of everything but the protocol."),
      injected,
      outside,
    ],
  ),
  forbid(
    ["extensions/views/src/**"],
    [
      not(["kernel", "labextension"], "A view knows only its element, its trace and its options."),
      {
        regex: "^cotangent(?!/trace$)(/|$)",
        message: "Views read traces: import cotangent/trace only.",
      },
      { group: ["@jupyterlab/*", "@lumino/*"], message: "Views know neither JupyterLab nor comms." },
      outside,
    ],
  ),
  forbid(
    ["extensions/labextension/src/**"],
    [not(["lib", "kernel"], "The shell around the views imports views alone."), outside],
  ),
];

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "**/node_modules/",
      "share/",
      ".venv/",
      ".cotangent/",
      "test-artefacts/",
      "notebooks/",
      // AssemblyScript: TypeScript in looks, with types of its own.
      "lib/wasm/*.ts",
      // Declarations for cells; they belong to no project of ours.
      "kernel/types/",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  ...boundaries,
  {
    files: ["test/**"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  { files: ["**/*.mjs", "**/*.js"], languageOptions: { globals: { ...globals.node } } },
  {
    files: ["**/*.cjs"],
    languageOptions: { globals: globals.node, sourceType: "commonjs" },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  prettier,
);
