import os
import signal
import sys
import time

import pytest

from confmgr.app.children import FIRST_DELAY, LONGEST_DELAY, Child
from tests.setup.serving import soon

ENVIRONMENT = dict(os.environ)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"


def fallen(*, once: bool = False) -> Child:
    child = Child("short", [sys.executable, "-S", "-c", "raise SystemExit(3)"], ENVIRONMENT, once=once)
    child.start()
    assert soon(lambda: not child.runs())
    return child


def test_a_fallen_process_is_started_again_after_a_moment(capsys: pytest.CaptureFixture[str]) -> None:
    child = fallen()
    now = time.monotonic()
    child.watch(now)
    assert "short ended with 3; starting it again in 0.5 s." in capsys.readouterr().err
    child.watch(now + FIRST_DELAY - 0.1)
    assert not child.runs()
    child.watch(now + FIRST_DELAY)
    assert child.runs()
    child.wait_or_kill(5)


def test_the_pause_doubles_with_each_fall_up_to_half_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    child = fallen()
    now = time.monotonic()
    for _ in range(8):
        child.watch(now)
        now += LONGEST_DELAY
        child.watch(now)
        assert soon(lambda: not child.runs())
        now = time.monotonic()
    pauses = [line.split(" in ")[1] for line in capsys.readouterr().err.splitlines()]
    assert pauses == ["0.5 s.", "1 s.", "2 s.", "4 s.", "8 s.", "16 s.", "30 s.", "30 s."]


def test_what_is_done_once_is_not_started_again(capsys: pytest.CaptureFixture[str]) -> None:
    child = fallen(once=True)
    child.watch(time.monotonic())
    child.watch(time.monotonic() + 3600)
    assert not child.runs()
    assert capsys.readouterr().err == "confmgr: short ended with 3.\n"


@pytest.mark.slow
def test_a_process_that_will_not_stop_is_killed() -> None:
    child = Child("stubborn", [sys.executable, "-S", "-c", STUBBORN], ENVIRONMENT, signal.SIGTERM)
    child.start()
    time.sleep(0.5)
    child.ask_to_stop()
    time.sleep(0.2)
    assert child.runs()
    child.wait_or_kill(0)
    assert not child.runs()
