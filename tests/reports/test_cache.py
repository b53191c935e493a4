"""Documents that are kept: by what, how long, and how much."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways.pdf import Attachment, Part
from confmgr.reports import cache, orders
from confmgr.reports.models import CachedDocument
from confmgr.reports.orders import Order
from confmgr.reports.printing import Print
from tests.gateways.paper import CREATED
from tests.make_scheduling import NOW

FIGURES = Attachment("figures.json", "{}", "Figures")
PLAIN = Print((Part("<p>One</p>", "en"),), "A title", CREATED, 1, (FIGURES,))


@pytest.mark.parametrize(
    "other",
    [
        Print((Part("<p>Two</p>", "en"),), "A title", CREATED, 1, (FIGURES,)),
        Print((Part("<p>One</p>", "ko"),), "A title", CREATED, 1, (FIGURES,)),
        Print((Part("<p>One</p>", "en"),), "Another", CREATED, 1, (FIGURES,)),
        Print((Part("<p>One</p>", "en"),), "A title", CREATED + timedelta(seconds=1), 1, (FIGURES,)),
        Print((Part("<p>One</p>", "en"),), "A title", CREATED, 1, (Attachment("figures.json", "[]", "Figures"),)),
        Print((Part("<p>One</p>", "en"),), "A title", CREATED),
        Print((Part("<p>One", "en"), Part("</p>", "en")), "A title", CREATED, 1, (FIGURES,)),
    ],
)
def test_whatever_differs_in_a_document_gives_it_another_key(other: Print) -> None:
    assert cache.key(PLAIN) == cache.key(Print(PLAIN.parts, "A title", CREATED, 9, (FIGURES,)))
    assert cache.key(other) != cache.key(PLAIN)


def test_a_document_is_found_for_a_day_after_it_was_last_used(session: Session) -> None:
    cache.keep(session, {"a": b"file"}, NOW)
    cache.keep(session, {"a": b"file"}, NOW + timedelta(hours=20))
    cache.forget(session, NOW + timedelta(hours=43))
    assert cache.kept(session, ["a", "b"]) == {"a": b"file"}
    cache.forget(session, NOW + timedelta(hours=45))
    assert cache.kept(session, ["a"]) == {}


def test_a_use_is_noted_at_most_once_an_hour(session: Session) -> None:
    cache.keep(session, {"a": b"file"}, NOW)
    cache.keep(session, {"a": b"file"}, NOW + timedelta(minutes=59))
    assert session.scalars(select(CachedDocument.used_at)).one() == NOW
    cache.keep(session, {"a": b"file"}, NOW + timedelta(minutes=61))
    assert session.scalars(select(CachedDocument.used_at)).one() == NOW + timedelta(minutes=61)


def test_of_too_much_those_go_that_were_not_used_for_longest(session: Session) -> None:
    for minutes, name in enumerate(["a", "b", "c"]):
        cache.keep(session, {name: b"x" * 100}, NOW + timedelta(minutes=minutes))
    cache.forget(session, NOW + timedelta(minutes=3), most=250)
    assert sorted(cache.kept(session, ["a", "b", "c"])) == ["b", "c"]


def test_an_order_is_the_same_after_it_was_sealed_and_a_zip_depends_on_nothing_but_its_files() -> None:
    order = Order((("one", PLAIN), ("two", PLAIN)), "both", packed=True)
    again = orders.opened(orders.sealed(order))
    assert (again, again.key) == (order, order.key)
    assert orders.packed({"one": b"1"}, CREATED) == orders.packed({"one": b"1"}, CREATED)
    assert order.key != Order((("one", PLAIN),), "both", packed=True).key


@pytest.mark.slow
def test_two_renderers_make_several_documents_and_tell_of_each() -> None:
    wanted = {str(n): Print((Part(f"<html><head></head><body>{n}</body></html>", "en"),), "t", CREATED) for n in "123"}
    heard: list[int] = []
    made = orders.made(wanted, heard.append, stopped=lambda: False, presses=2)
    assert made is not None
    assert sorted(made) == ["1", "2", "3"]
    assert all(file.startswith(b"%PDF") for file in made.values())
    assert heard[-1] == 3


@pytest.mark.slow
def test_who_stops_an_order_does_not_wait_for_the_document_that_is_being_made() -> None:
    endless = "<html><head></head><body><table>" + "<tr><td>One</td></tr>" * 30_000 + "</table></body></html>"
    wanted = {"a": Print((Part(endless, "en"),), "t", CREATED)}
    assert orders.made(wanted, lambda _done: None, stopped=lambda: True) is None
