"""Processes that live and die with the one that started them, and come back when they fall."""

import os
import signal
import subprocess
import time

import click

from confmgr.gateways.processes import dies_with_parent

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
SETTLED = 5.0
"""Seconds after which a process has arranged what to do on its own stop signal; before, Python prints a traceback."""
LONG_ENOUGH = 60.0
"""Seconds after which a process counts as healthy, and its next fall as the first."""


class Child:
    """One supervised process, in a process group of its own so that Ctrl-C reaches only the supervisor."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        stop_signal: signal.Signals = signal.SIGTERM,
        *,
        keep: tuple[int, ...] = (),
        once: bool = False,
    ) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._stop_signal = stop_signal
        self._keep = keep
        self._once = once
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._again_at: float | None = None
        self._delay = FIRST_DELAY

    def start(self) -> None:
        """Start the process."""
        self._again_at = None
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            pass_fds=self._keep,
            start_new_session=True,
            preexec_fn=dies_with_parent(),  # noqa: PLW1509  # the supervisor has one thread
        )

    def runs(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def watch(self, now: float) -> None:
        """Start a fallen process again, later each time it falls; `now` is a monotonic clock in seconds."""
        if self.runs() or self._process is None:
            return
        if self._again_at is not None:
            if now >= self._again_at:
                self.start()
            return
        status = self._process.returncode
        if self._once:
            self._process = None
            if status:
                click.echo(f"confmgr: {self.name} ended with {status}.", err=True)
            return
        if now - self._started_at > LONG_ENOUGH:
            self._delay = FIRST_DELAY
        click.echo(f"confmgr: {self.name} ended with {status}; starting it again in {self._delay:g} s.", err=True)
        self._again_at = now + self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY)

    def ask_to_stop(self) -> None:
        """Send the signal on which it finishes what it has in hand."""
        if self._process is not None and self.runs():
            settled = time.monotonic() - self._started_at > SETTLED
            self._process.send_signal(self._stop_signal if settled else signal.SIGTERM)

    def wait_or_kill(self, patience: float) -> None:
        """Wait up to `patience` seconds for its end, then kill its whole group."""
        if self._process is None:
            return
        try:
            self._process.wait(max(patience, 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
