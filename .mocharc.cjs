/** How mocha runs the tests: in TypeScript, on the library's modules as they are published unbundled. */
module.exports = {
  extension: ["ts"],
  ignore: ["test/bench/**"],
  reporter: "test/support/reporter.cjs",
  timeout: 60_000,
  slow: 2_000,
  "node-option": [
    "conditions=unbundled",
    "import=tsx",
    // Where Node can `require` modules, mocha does, and tsx then makes CommonJS of all that is tested: several times slower.
    "no-experimental-require-module",
  ],
};
