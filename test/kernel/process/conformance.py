"""jupyter_kernel_test's own tests, with samples in TypeScript for every one of them."""

import unittest

import jupyter_kernel_test as jkt


class CotangentTests(jkt.KernelTests):
    kernel_name = "cotangent"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"
    completion_samples = [
        {"text": "Math.fl", "matches": ["floor"]},
        {"text": "new Map<string, number>().siz", "matches": ["size"]},
    ]
    complete_code_samples = ["1", "const a: number = 1", "function f() {\n  return 1\n}", "{ a: 1 }"]
    incomplete_code_samples = ["function f() {", "[1,2,", "`abc", "if (true)", "interface P {"]
    invalid_code_samples = ["let = 3", "1 +* 2", ")"]
    code_page_something = "jupyter.page('a long text')"
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "[1n, 2n]", "result": "[ 1n, 2n ]"},
        {"code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>b</b>' }) })", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "display({ 'text/html': '<b>b</b>' }, { raw: true })", "mime": "text/html"},
        {"code": "display('shown')", "mime": "text/plain"},
    ]
    code_history_pattern = "6 *?7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.floor"
    code_clear_output = "jupyter.clearOutput({ wait: true })"


class CotangentWelcomeTests(jkt.IopubWelcomeTests):
    kernel_name = "cotangent"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(argv=["conformance", "-v"])
