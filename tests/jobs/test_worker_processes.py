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
