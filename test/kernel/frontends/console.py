"""A person at `jupyter console`, played over a pseudo-terminal: a cell, a type error, a question, Ctrl+C."""

import sys

import pexpect

TIMEOUT = 60

child = pexpect.spawn(
    sys.executable,
    ["-m", "jupyter_console", "--kernel", "cotangent", "--simple-prompt"],
    encoding="utf8",
    timeout=TIMEOUT,
    dimensions=(40, 120),
)
child.expect(r"In \[1\]: ")
child.sendline("const answer: number = 6 * 7; answer")
child.expect(r"Out\[1\]: 42")
child.expect(r"In \[2\]: ")
child.sendline("const wrong: number = 'x'")
child.expect("TS2322")
child.expect(r"In \[3\]: ")
child.sendline("`Hello, ${input('Name? ')}`")
child.expect(r"Name\? ")
child.sendline("Ada")
child.expect("'Hello, Ada'")
child.expect(r"In \[4\]: ")
child.sendline("console.log('wait' + 'ing'); await new Promise(() => {})")
# Said by the cell, and not by the echo of what was typed.
child.expect("waiting")
child.sendintr()
child.expect("Interrupted")
child.expect(r"In \[5\]: ")
child.sendline("answer + 1")
child.expect(r"Out\[5\]: 43")
child.expect(r"In \[6\]: ")
# Ctrl+D asks whether it is meant.
child.sendeof()
child.expect(r"exit \(\[y\]/n\)\? ")
child.sendline("y")
child.expect(pexpect.EOF)
