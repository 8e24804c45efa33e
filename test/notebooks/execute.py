"""Execute a notebook with our kernel: execute.py IN OUT. An error in a cell ends with status 1 and says which cell."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from jupyter_core.paths import jupyter_runtime_dir
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SECONDS_PER_CELL = 60
SECONDS_TO_START = 60


@contextmanager
def server():
    """A Jupyter server, found by its runtime folder, for a notebook that starts kernels of its own."""
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--ip=127.0.0.1", "--port=0"]
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    child = subprocess.Popen(command + root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        described = Path(jupyter_runtime_dir()) / f"jpserver-{child.pid}.json"
        until = time.monotonic() + SECONDS_TO_START
        while not described.exists() and child.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.wait()


@contextmanager
def nothing():
    yield


def main(source: Path, target: Path) -> int:
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="cotangent",
        resources={"metadata": {"path": str(source.parent)}},
        # Times of execution would make every run of the same notebook a different file.
        record_timing=False,
        coalesce_streams=True,
    )
    needs_server = "cotangent/dad/kernels" in source.read_text(encoding="utf8")
    try:
        with server() if needs_server else nothing():
            client.execute()
    except CellExecutionError as error:
        print(error, file=sys.stderr)
        return 1
    nbformat.write(notebook, target)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
