"""How many replies an installation takes in: read, judged and kept, each in a transaction of its own."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from confmgr.app.factory import create_app
from confmgr.gateways import clock
from confmgr.invitations.ingesting import keep
from confmgr.invitations.replies import read
from confmgr.orm.base import Base
from confmgr.orm.engine import writing
from confmgr.web.db import db
from tests.bench.measures import Measure, report
from tests.conftest import settings_in
from tests.make_replies import OUR_SERVER, calendar, invited, mail
from tests.make_scheduling import NOW

REPLIES = 2000
MOST_READ, LEAST_RATE = 1.5, 100


def main(options: Sequence[str]) -> int:
    """Print milliseconds of CPU to read one, and how many a second are kept, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(replace(settings_in(Path(folder)), authserv_id=OUR_SERVER))
        writing.set(True)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            with Session(db.engine) as session:
                here, person = invited(session)
                session.commit()
                address, uid = str(here.delegate_kh.email), person.uid
            mails = [
                mail(
                    calendar(uid, address, ("ACCEPTED", "DECLINED")[n % 2], lines=("COMMENT:See you there",)),
                    address,
                    message_id=f"<{n}@mail.example>",
                )
                for n in range(REPLIES)
            ]
            began = time.process_time()
            for raw in mails:
                read(raw, OUR_SERVER)
            reading = (time.process_time() - began) / REPLIES * 1000
            began = time.perf_counter()
            with clock.frozen(NOW):
                for raw in mails:
                    keep(raw)
                    db.session.remove()
            rate = REPLIES / (time.perf_counter() - began)
    return report(
        [
            Measure("reading a reply, CPU", reading, "ms", MOST_READ),
            Measure(f"keeping one of {REPLIES} replies", 1000 / rate, "ms", 1000 / LEAST_RATE),
        ],
        options,
    )
