/** `npm run screenshots`: the README's picture, made anew by the test that draws it. */
process.env["COTANGENT_SCREENSHOTS"] = "1";
process.argv.push("test/e2e/*.test.ts", "--grep", "README");
await import("./test.mjs");
