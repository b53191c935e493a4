import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask
from huey.consumer import Consumer

from confmgr.jobs.on_huey import HueyEngine


def _grandchild(there: Connection) -> None:
    there.send("planned")


def _worker(consumer: Consumer, there: Connection) -> None:
    consumer.environment.init_child(consumer._create_worker())
    own = multiprocessing.get_context("fork").Process(target=_grandchild, args=(there,))
    own.start()
    own.join()


def test_a_worker_may_start_a_process_of_its_own(app: Flask, tmp_path: Path) -> None:
    engine = HueyEngine(app, tmp_path)
    here, there = multiprocessing.get_context("fork").Pipe()
    worker = multiprocessing.get_context("fork").Process(target=_worker, args=(engine.consumer(), there), daemon=True)
    worker.start()
    try:
        assert here.poll(10)
        assert here.recv() == "planned"
    finally:
        worker.kill()
        worker.join()
        here.close()
        there.close()


class Waits:
    """In place of the event that a worker waits for: it keeps for how long."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def wait(self, seconds: float) -> None:
        self.seconds.append(seconds)


def test_a_worker_that_had_nothing_to_do_for_long_still_looks_for_a_job_every_moment(
    app: Flask, tmp_path: Path
) -> None:
    worker = HueyEngine(app, tmp_path).consumer()._create_worker()
    worker.stop_flag = waits = Waits()
    for _ in range(200):
        worker.sleep()
    assert max(waits.seconds) <= 0.25
