"""What documents cost: beside bare WeasyPrint and Chromium with the same HTML, from the cache, and 200 agendas at once."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from statistics import median

import weasyprint
from sqlalchemy.orm import Session

from confmgr.app import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import PACKAGE, Settings, load
from confmgr.gateways.pdf import Part
from confmgr.gateways.pdf.page import prepare
from confmgr.interchange import building, outputs, schema
from confmgr.invitations.services import publish
from confmgr.meetings.models import Meeting
from confmgr.orm.engine import writing
from confmgr.reports import cache, orders, personal, printing, queries, rendering
from confmgr.reports.orders import Order
from confmgr.reports.printing import Print
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingSession, SessionDelegation
from confmgr.sharing.queries import viewer_of
from confmgr.values.languages import LANGUAGES
from confmgr.values.words import Words
from confmgr.web.db import db, transaction
from tests import make
from tests.bench.measures import Measure, report
from tests.bench.printers import Bare, Chromium, Ours, most_memory
from tests.gateways import paper
from tests.make_programme import CREATED, two_pages
from tests.make_scheduling import NOW, TEN, World, world

PAGES, DELEGATIONS, PEOPLE, SESSIONS = 50, 20, 10, 160
DATA = PACKAGE / "interchange" / "data" / "breaking-chains.toml"
SHORT, LONG = 7, 3
"""Repeats of the documents of two and of fifty pages."""


def main(options: Sequence[str]) -> int:
    """Everything in one run, the printers in turn; 1 where a promise is broken."""
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        for setting in [one for one in os.environ if one.startswith("CONFMGR_") and one != "CONFMGR_CHROMIUM"]:
            del os.environ[setting]
        os.environ["CONFMGR_INSTANCE"] = name
        app = create_app(load())
        with app.app_context():
            upgrade()
            short = printing.of(rendering.programme(two_pages(), "en", CREATED))
        long = enlarged(_outcomes(Path(name)))
        found = [*_compared("two pages", short, SHORT, 0.7), *_compared(f"{PAGES} pages", long, LONG, 15.0)]
        with app.app_context():
            writing.set(True)
            found += [_memory(long), _from_cache(long), *_agendas()]
    return report(found, options)


def _outcomes(folder: Path) -> Print:
    """The outcome report of the sample operation, as its leadership reads it."""
    data = schema.read(DATA)
    url = f"sqlite:///{folder / 'sample.db'}"
    app = create_app(Settings(folder, url, "https://confmgr.example", sample=True, secret_key="signs nothing" * 4))
    with app.app_context():
        upgrade()
    built = building.build(app, data, tell=lambda _done, _all, _words: None)
    with app.app_context():
        as_of = datetime.combine(outputs.last_day(data), time_of_day(), UTC)
        viewer = viewer_of(db.session(), outputs.leader(data, built), as_of)
        found = queries.outcome_report(db.session(), built.book.operation, viewer, as_of, as_of=as_of.date())
        return printing.of(rendering.outcomes(found, "en", as_of))


def enlarged(ready: Print) -> Print:
    """The same report so often behind itself that it has fifty pages."""
    head, opening, rest = ready.parts[0].html.partition("<body")
    tag, _, content = rest.partition(">")
    inner, closing, tail = content.rpartition("</body>")
    times = 1
    with Ours(seconds=600) as press:
        while True:
            html = f"{head}{opening}{tag}>{inner * times}{closing}{tail}"
            made = Print((Part(html, "en"),), ready.title, ready.created, 1, ready.attachments)
            if paper.pages(made.pdf(press)) >= PAGES:
                return made
            times += 1


def _compared(name: str, ready: Print, times: int, most: float) -> list[Measure]:
    chromium = Chromium()
    spent: dict[str, list[float]] = {"ours": [], "bare": [], "chromium": []}
    with Ours(seconds=600) as ours, Bare() as bare:
        pages = paper.pages(ready.pdf(ours))
        printers: Mapping[str, Callable[[Print], float]] = {
            "ours": ours.spent,
            "bare": bare.spent,
            **({"chromium": chromium.spent} if chromium.here else {}),
        }
        for _turn in range(times):
            for printer, measure in printers.items():
                spent[printer].append(measure(ready))
    middle = {printer: median(values) for printer, values in spent.items() if values}
    dressing = _made_ready(ready)
    overhead = median(one / (other - dressing) for one, other in zip(spent["ours"], spent["bare"], strict=True)) - 1
    found = [
        Measure(f"{name} ({pages}), tagged: processor", middle["ours"], "s", most),
        Measure(f"{name}, bare WeasyPrint, tagged: processor", middle["bare"], "s"),
        Measure(f"{name}, over bare WeasyPrint", 100 * overhead, "%", 10.0),
    ]
    if not chromium.here:
        sys.stderr.write("There is no Chromium here: no comparison with it.\n")
        return [*found, *([Measure(f"{name}, Chromium missing", 1, "", 0)] if os.environ.get("CI") == "true" else [])]
    return [
        *found,
        Measure(f"{name}, Chromium: processor", middle["chromium"], "s"),
        Measure(f"{name}, times Chromium's", middle["ours"] / middle["chromium"], "times"),
    ]


def _made_ready(ready: Print) -> float:
    """Processor time for contents, styles of drawings and line breaks: bare WeasyPrint gets the page with them."""
    spent = 0.0
    for part in ready.parts:
        page = weasyprint.HTML(string=part.html)
        before = time.process_time()
        prepare(page.etree_element, language=part.language, title=ready.title, created=ready.created.isoformat())
        spent += time.process_time() - before
    return spent


def _memory(ready: Print) -> Measure:
    with Ours(seconds=600) as press:
        ready.pdf(press, seconds=600)
        return Measure(f"{PAGES} pages, tagged: most memory", most_memory(press.pid or 0), "MB", 250.0)


def _from_cache(ready: Print) -> Measure:
    file = os.urandom(600_000)
    with transaction() as current:
        cache.keep(current, {cache.key(ready): file}, NOW)
    spent = []
    for _turn in range(21):
        before = time.process_time()
        assert cache.kept(db.session(), [cache.key(ready)]) == {cache.key(ready): file}
        spent.append(time.process_time() - before)
    return Measure(f"{PAGES} pages, from HTML to bytes out of the cache: processor", 1000 * median(spent), "ms", 5.0)


def _agendas() -> list[Measure]:
    """Of 200 delegates in twelve languages: found, written, printed and packed; then the same again."""
    here = crowd(db.session())
    began = time.monotonic()
    order = _order(here)
    written = time.monotonic() - began
    prints = {cache.key(ready): ready for _name, ready in order.files}
    made = orders.made(prints, lambda _done: None, stopped=lambda: False) or {}
    orders.packed({name: made[cache.key(ready)] for name, ready in order.files}, NOW)
    wall = time.monotonic() - began
    with transaction() as current:
        cache.keep(current, made, NOW)
    before = time.process_time()
    assert len(cache.kept(db.session(), {cache.key(ready) for _name, ready in order.files})) == len(prints)
    again = time.process_time() - before
    assert all(paper.pages(file) >= 1 for file in made.values())
    sizes = [paper.pages(file) for file in made.values()]
    return [
        Measure(f"{len(made)} personal agendas, {sum(sizes)} pages, tagged: wall", wall, "s", 75.0),
        Measure(f"{len(made)} personal agendas, their HTML: wall", written, "s"),
        Measure("an agenda that did not change, out of the cache: processor", 1000 * again / len(made), "ms", 5.0),
    ]


def _order(here: World) -> Order:
    meeting = db.session().get_one(Meeting, here.meeting.id)
    viewer = viewer_of(db.session(), here.organiser, NOW)
    return personal.all_of(queries.agendas(db.session(), meeting, viewer, NOW), "agendas", NOW)


def crowd(session: Session) -> World:
    """Twenty delegations of ten people who speak twelve languages, and 160 published meetings of two of them."""
    here = world(session)
    tags = list(LANGUAGES)
    sides = [make.delegation(session, here.meeting, f"X{n}") for n in range(DELEGATIONS)]
    for n, row in enumerate(sides):
        for number in range(PEOPLE):
            make.delegate(session, row, f"Person {n} {number}", language=tags[(n + number) % len(tags)])
    for n in range(SESSIONS):
        start = timedelta(minutes=20 * (n // 10), days=n % 2)
        two = (sides[n % DELEGATIONS], sides[(n + 1 + n // DELEGATIONS) % DELEGATIONS])
        session.add(
            MeetingSession(
                meeting_id=here.meeting.id,
                reference=f"S{n}",
                kind=SessionKind.BILATERAL,
                title=Words.of({"en": f"Session {n}", "ko": f"회의 {n}"}) if n % 3 else None,
                place_id=(here.t1, here.t2)[n % 2].id,
                starts_local=TEN + start,
                ends_local=TEN + start + timedelta(minutes=20),
                starts_at=NOW + start,
                ends_at=NOW + start + timedelta(minutes=20),
                zone="Asia/Seoul",
                minutes=20,
                delegations=[SessionDelegation(delegation_id=row.id) for row in two],
            )
        )
    session.flush()
    session.expire_all()
    publish(session, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    session.commit()
    return here
