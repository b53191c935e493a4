"""What the rendering process cannot do, whatever a document makes it try."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from confmgr.gateways import pdf
from tests.gateways import paper
from tests.gateways.test_pdf_file import listener

__all__ = ["listener"]

TRIED = """
    import ctypes, json, os, socket, subprocess, sys, tempfile
    from confmgr.gateways.pdf import confined

    def tried(what):
        try:
            what()
        except OSError as problem:
            return type(problem).__name__
        return "done"

    def bare():
        "A connection behind Python's back, as a library in C would make it."
        libc = ctypes.CDLL(None, use_errno=True)
        address = (2).to_bytes(2, "little") + int(sys.argv[1]).to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
        if libc.connect(libc.socket(2, 1, 0), address, len(address)) != 0:
            raise OSError(ctypes.get_errno(), "refused")

    alone = confined.confine(1000)
    print(json.dumps({
        "alone": alone,
        "socket": tried(lambda: socket.socket()),
        "name": tried(lambda: socket.getaddrinfo("example.org", 80)),
        "program": tried(lambda: subprocess.run(["true"])),
        "fork": tried(lambda: os.fork()),
        "shell": tried(lambda: os.system("true")),
        "write": tried(lambda: open(sys.argv[2], "w")),
        "own file": tried(lambda: tempfile.TemporaryFile()),
        "bare": tried(bare),
    }))
"""


def test_a_renderer_opens_no_socket_starts_no_program_and_writes_no_file(
    listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, _asked = listener
    command = [sys.executable, "-c", textwrap.dedent(TRIED), url.rpartition(":")[2], str(tmp_path / "written")]
    (tmp_path / "own").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "own")}
    done = subprocess.run(command, capture_output=True, check=True, timeout=120, env=environment)
    found = json.loads(done.stdout)
    own_network = found.pop("alone")
    assert found == {
        "socket": "PermissionError",
        "name": "PermissionError",
        "program": "PermissionError",
        "fork": "PermissionError",
        "shell": "PermissionError",
        "write": "PermissionError",
        "own file": "done",
        "bare": "OSError" if own_network else "done",  # without a network of its own nothing in C is held back
    }
    assert own_network or os.geteuid() != 0


def test_the_renderer_that_makes_documents_is_the_confined_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFMGR_SECRET_KEY", "a secret")
    monkeypatch.setenv("PGPASSWORD", "another")
    with pdf.Press(megabytes=900) as press:
        press.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED)
        child = Path(f"/proc/{press.pid}")
        limits = {line[:26].strip(): line[26:].split()[0] for line in (child / "limits").read_text().splitlines()}
        assert limits["Max address space"] == str(900 * 2**20)
        assert (limits["Max core file size"], limits["Max open files"]) == ("0", "64")
        assert limits["Max file size"] == str(64 * 2**20)
        assert int(limits["Max cpu time"]) <= 70
        assert (child / "stat").read_text().rpartition(")")[2].split()[16] == str(os.nice(0) + 5)
        environment = (child / "environ").read_bytes()
        assert b"secret" not in environment
        assert b"another" not in environment
        if os.geteuid() == 0:
            assert (child / "ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def test_a_renderer_that_is_ended_leaves_nothing_in_the_temporary_folder() -> None:
    with pdf.Press() as press:
        press.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED)
        own = next(
            Path(line.decode().partition("=")[2])
            for line in Path(f"/proc/{press.pid}/environ").read_bytes().split(b"\0")
            if line.startswith(b"TMPDIR=")
        )
        assert own.is_dir()
    assert not own.exists()


@pytest.mark.slow
def test_a_process_that_has_used_its_processor_time_is_ended_by_the_system() -> None:
    busy = "from confmgr.gateways.pdf import confined; confined.allow_processor(0.5)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", busy], check=False, timeout=120)
    assert done.returncode == -signal.SIGXCPU
