"""A web worker stays small: the slow libraries belong to commands and to the worker."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.serving import REPOSITORY, Served, below, environment

pytestmark = pytest.mark.slow
TOO_LARGE = ("weasyprint", "alembic", "ortools", "pysat", "numpy", "pandas", "procrastinate", "playwright")
LOADED = """
import sys
from confmgr.app import create_app
create_app().test_client().get("/start")
print(*sorted(sys.modules))
"""
LARGEST = 160 * 1024  # kB


def test_the_web_process_imports_no_optimiser_and_no_renderer(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=environment(tmp_path),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "flask" in loaded
    assert loaded & set(TOO_LARGE) == set()


def test_a_web_process_and_a_worker_stay_below_160_megabytes(tmp_path: Path) -> None:
    with Served(tmp_path, "--empty") as running:
        for _ in range(20):
            assert running.get("/start")[0] == 200
        sizes = {process: resident(process) for process in below(running.process.pid)}
        heaps = [process for process, size in sizes.items() if size and has_one_heap(process)]
    assert len(sizes) >= 3
    assert max(sizes.values()) < LARGEST
    assert len(heaps) >= 2  # gunicorn and its workers


def resident(process: int) -> int:
    """Memory of a process in kB; 0 when it is gone."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:")), 0)


def has_one_heap(process: int) -> bool:
    """Whether the threads of a process share one heap."""
    return b"MALLOC_ARENA_MAX=1" in Path(f"/proc/{process}/environ").read_bytes()
