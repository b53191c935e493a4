"""The printers that documents are measured with: our press, bare WeasyPrint, Chromium; each tells what it used."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

from confmgr.gateways.pdf import Press, typefaces
from confmgr.gateways.pdf.press import LENGTH
from confmgr.reports.printing import Print

STATIC = Path("confmgr/static").resolve()
FONTS = Path("confmgr/gateways/pdf/fonts.conf").resolve()
EMPTY = "<!doctype html><html><head><title>x</title></head><body><p>x</p></body></html>"


def processor(pid: int) -> float:
    """Seconds of processor time that a process of one thread has used."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def most_memory(pid: int) -> float:
    """Megabytes that a process held at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


class Ours(Press):
    """Our press, and what it used for a document: its process and this one."""

    def spent(self, ready: Print) -> float:
        """Seconds of processor time, the start not counted."""
        self.render(EMPTY, language="en", created=ready.created)  # a tired process gives way to a fresh one here
        pid = self.pid or 0
        before, own = processor(pid), time.process_time()
        ready.pdf(self, seconds=600)
        assert self.pid == pid, "a fresh renderer took over"
        return processor(pid) - before + time.process_time() - own


class Bare:
    """WeasyPrint and nothing else, in a warm process."""

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.bench.bare"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"FONTCONFIG_FILE": str(FONTS)},
        )
        self._print(EMPTY, "en")
        return self

    def __exit__(self, *_problem: object) -> None:
        self._child.kill()
        self._child.communicate()

    def spent(self, ready: Print) -> float:
        """Seconds of processor time, the start not counted."""
        before = processor(self._child.pid)
        for part in ready.parts:
            self._print(part.html, part.language)
        return processor(self._child.pid) - before

    def _print(self, html: str, language: str) -> None:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        raw = json.dumps({"html": html, "language": language}).encode()
        self._child.stdin.write(LENGTH.pack(len(raw)) + raw)
        self._child.stdin.flush()
        (length,) = LENGTH.unpack(self._child.stdout.read(LENGTH.size))
        assert self._child.stdout.read(length).startswith(b"%PDF")


class Chromium:
    """Chromium, which prints HTML to PDF; a process for each page, and what an empty page costs is taken off."""

    def __init__(self) -> None:
        self._program = os.environ.get("CONFMGR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        self._start: float | None = None

    @property
    def here(self) -> bool:
        """Whether there is one."""
        return self._program is not None

    def spent(self, ready: Print) -> float:
        """Seconds of processor time of all its processes, the start not counted."""
        if self._start is None:
            self._start = min(self._print(EMPTY), self._print(EMPTY))
        fonts = "".join(part.html for part in ready.parts)
        sheet = f"<style>{typefaces.css(fonts, ready.parts[0].language)}</style></head>"
        html = ready.parts[0].html.replace("</head>", sheet, 1).replace("asset:", f"file://{STATIC}/")
        return self._print(html) - self._start

    def _print(self, html: str) -> float:
        with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as folder:
            page, out = Path(folder, "page.html"), Path(folder, "page.pdf")
            page.write_text(html, encoding="utf-8")
            command = [str(self._program), "--headless", "--no-sandbox", "--disable-gpu", "--single-process"]
            command += ["--no-zygote", "--disable-quic", "--no-first-run", "--disable-background-networking"]
            command += ["--disable-component-update", "--disable-sync", f"--user-data-dir={folder}/profile"]
            command += ["--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={out}", str(page)]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, capture_output=True, check=False, timeout=300)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            assert out.is_file(), "Chromium printed nothing"
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
