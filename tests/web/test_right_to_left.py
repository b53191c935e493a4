"""What stays upright where text runs from the right."""

from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from confmgr.web import formats


def test_the_comma_of_a_list_is_the_readers_and_keeps_its_markup(app: Flask) -> None:
    found = {}
    for locale in ("en", "ar", "ja"):
        with app.test_request_context(), force_locale(locale):
            found[locale] = formats.listed(["KH", "TH"])
    assert found == {"en": "KH, TH", "ar": "KH، TH", "ja": "KH、TH"}
    with app.test_request_context():
        marked = formats.listed([Markup("<bdi>KH</bdi>"), "A & B"])
    assert marked == "<bdi>KH</bdi>, A &amp; B"
    assert isinstance(marked, Markup)


def test_a_range_of_times_is_kept_from_being_turned_in_text_without_markup(app: Flask) -> None:
    with app.test_request_context(), force_locale("ar"):
        assert formats.isolated("10:20–11:00") == "\u206610:20–11:00\u2069"
    with app.test_request_context(), force_locale("ko"):
        assert formats.isolated("10:20–11:00") == "10:20–11:00"


def test_arrows_point_the_way_of_the_text(app: Flask) -> None:
    with app.test_request_context(), force_locale("ar"):
        assert formats.towards() == "←"
    with app.test_request_context(), force_locale("fr"):
        assert formats.towards() == "→"
