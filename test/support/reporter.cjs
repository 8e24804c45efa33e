/** Mocha's spec reporter, with the totals on a last line of their own: "N passed, N failed, N skipped". */
const { reporters, Runner } = require("mocha");

const { EVENT_RUN_END } = Runner.constants;

class TotalsReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats;
      // After whatever else is printed at the end of a run.
      process.once("exit", () => console.log(`${passes} passed, ${failures} failed, ${pending} skipped`));
    });
  }
}

module.exports = TotalsReporter;
