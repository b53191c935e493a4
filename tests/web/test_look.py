"""What every page looks like: readable colours, no inline style, macros that say what they promise."""

import gzip
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask, g, render_template_string
from flask_babel import force_locale
from wtforms import StringField
from wtforms.validators import DataRequired

from confmgr.accounts.models import User
from confmgr.config import STATIC, TEMPLATES
from confmgr.values.words import Words
from confmgr.web.forms import Form, WordsField, WordsRequired

STYLE = (STATIC / "confmgr.css").read_text()
PAGES = [p for p in TEMPLATES.rglob("*.html") if p.relative_to(TEMPLATES).parts[0] not in {"documents", "mail"}]
GROUNDS = ("page", "surface", "surface-2", "accent-soft", "accent-faint")
TINTED = ("bilateral", "multilateral", "plenary", "admin", "conflict", "warning", "ok")
PAIRS = [
    *((ink, ground) for ink in ("text", "text-2", "accent") for ground in GROUNDS),
    *((ink, ground) for ink in ("conflict", "warning", "ok") for ground in ("page", "surface", "accent-faint")),
    *((ink, f"{ink}-soft") for ink in TINTED),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
TLP_COLOURS = {"red": "#ff2b2b", "amber": "#ffc000", "green": "#33ff00", "clear": "#fff"}


def tokens(start: str) -> dict[str, str]:
    block = STYLE[STYLE.index(start) :]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block[: block.index("}")]))


LIGHT = tokens(":root {")
DARK = tokens(':root[data-theme="dark"]')
SYSTEM_DARK = tokens(':root:not([data-theme="light"])')


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_colour_is_readable_on_every_ground_it_stands_on(theme: dict[str, str]) -> None:
    too_weak = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in PAIRS}

    assert {pair: round(value, 2) for pair, value in too_weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_border_of_a_control_can_be_told_from_its_ground(theme: dict[str, str]) -> None:
    assert all(contrast(theme["control"], theme[ground]) >= 3 for ground in ("page", "surface"))


def test_the_dark_of_the_device_is_the_dark_of_the_account() -> None:
    assert DARK == SYSTEM_DARK
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize("level", TLP_COLOURS)
def test_a_marking_has_the_colour_of_the_standard_on_black(level: str) -> None:
    assert re.search(rf"\.tlp-{level}\b[^{{]*{{ color: {TLP_COLOURS[level]}; }}", STYLE)
    assert contrast(TLP_COLOURS[level], "#000") > 4.5


def test_the_stylesheet_stays_under_twelve_kilobytes() -> None:
    assert len(gzip.compress(STYLE.encode(), 9)) <= 12 * 1024


def test_the_stylesheet_knows_no_left_and_right() -> None:
    rules = re.sub(r"/\*.*?\*/|@(top|bottom)-right|transform: scaleX\(-1\)", "", STYLE)

    assert re.findall(r"[^a-z-](?:(?:margin|padding|border)-)?(?:left|right)\b|[^-a-z](?:width|height):", rules) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_a_template_holds_no_inline_style_script_or_handler(page: Path) -> None:
    text = page.read_text()

    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text) == []


def test_every_icon_that_a_template_asks_for_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text()))
    asked = {name for page in PAGES for name in re.findall(r'(?:icon\(|shape=)"([a-z]+)"', page.read_text())}

    assert asked
    assert asked <= drawn


@pytest.fixture
def page(application: Flask) -> Iterator[None]:
    with application.test_request_context("/"):
        yield


def drawn(template: str, **values: object) -> str:
    return render_template_string('{% import "_ui/ui.html" as ui %}' + template, **values)


@pytest.mark.parametrize(
    ("marking", "name", "level"),
    [
        ("AMBER+STRICT", "TLP:AMBER+STRICT", "amber-strict"),
        ("tlp:red", "TLP:RED", "red"),
        ("amber_strict", "TLP:AMBER+STRICT", "amber-strict"),
    ],
)
@pytest.mark.usefixtures("page")
def test_a_marking_reads_the_same_however_it_is_stored(marking: str, name: str, level: str) -> None:
    chip = drawn("{{ ui.tlp(marking) }}", marking=marking)

    assert chip == f'<span class="tlp tlp-{level}" dir="ltr" translate="no">{name}</span>'


@pytest.mark.usefixtures("page")
def test_a_text_in_another_language_carries_its_language_and_a_mark() -> None:
    own = drawn("{{ ui.words(value) }}", value=Words.of({"en": "Raid", "ko": "급습"}))
    other = drawn("{{ ui.words(value) }}", value=Words.of({"ko": "급습"}, source="ko"))

    assert own == "<bdi>Raid</bdi>"
    assert 'lang="ko"' in other
    assert re.search(r'class="fallback-mark"[^>]*>ko<', other)


@pytest.mark.usefixtures("page")
def test_a_status_is_told_by_text_shape_and_colour() -> None:
    label = drawn('{{ ui.status("Names missing", "warning") }}')

    assert "is-warning" in label
    assert "icons.svg#warning" in label
    assert "<span>Names missing</span>" in label


@pytest.mark.usefixtures("page")
def test_a_count_card_says_how_many_of_how_many_and_draws_the_share() -> None:
    card = drawn('{{ ui.count_card("Requests placed", 62, 96, "19 not placed", second=19) }}')

    assert "<b>62</b> of 96" in card
    assert re.findall(r'class="w(\d+)"', card) == ["65", "20"]
    assert "19 not placed" in card


@pytest.mark.usefixtures("page")
def test_a_count_of_nothing_draws_no_bar_and_does_not_fail() -> None:
    assert 'class="w0"' in drawn('{{ ui.count_card("Cases", 0, 0, "none yet") }}')


@pytest.mark.parametrize(
    "wanted", [[0, 1, 2, 3, 100], [0, 97, 98, 99, 100], [50, 50, 50], [0, 5, 10, 15, 20, 25, 30, 100]]
)
@pytest.mark.usefixtures("page")
def test_milestones_keep_their_order_and_a_distance(wanted: list[int]) -> None:
    items = [{"title": str(n), "detail": "", "state": "", "at": at} for n, at in enumerate(wanted)]
    row = drawn('{{ ui.milestones(items, "Milestones") }}', items=items)
    places = [int(place) for place in re.findall(r'<li class="w(\d+) ', row)]

    assert len(places) == len(wanted)
    assert all(later - earlier >= 10 for earlier, later in pairwise(places))
    assert places[0] >= 0
    assert places[-1] <= 100


@pytest.mark.usefixtures("page")
def test_a_range_shows_what_is_certain_solid_and_the_rest_hatched() -> None:
    bar = drawn(
        '{{ ui.range_bar(parts, "at least 31", "at most 60", "31 to 60") }}',
        parts=[("Five", 31, True), ("Poipet", 29, False)],
    )

    assert re.findall(r'width="([\d.]+)%" height="23" class="(range-\w+)"', bar) == [
        ("51.67", "range-solid"),
        ("48.33", "range-hatch"),
    ]
    assert 'class="w52">at least 31' in bar


@pytest.mark.usefixtures("page")
def test_a_cell_knows_its_column_when_the_row_becomes_a_card() -> None:
    table = drawn(
        '{% call(row) ui.table("Delegations", ["Name", {"label": "Cases", "number": true}], rows) %}{{ ui.th(row[0]) }}{{ ui.num(row[1], "Cases") }}{% endcall %}',
        rows=[("Cambodia", 3)],
    )

    assert '<th scope="row">Cambodia</th>' in table
    assert '<td class="num" data-label="Cases"><span>3</span></td>' in table
    assert "<caption" in table


class CaseForm(Form):
    """Two fields, as a room would declare them."""

    code = StringField("Code", [DataRequired("Give the case a code.")], description="As on the door.")
    title = WordsField("Title", languages=("en", "ko"))


class LateCaseForm(CaseForm):
    title = WordsField("Title", [WordsRequired()], languages=("en", "ko"))
    first = StringField("First", [DataRequired("Say what comes first.")])


@pytest.mark.usefixtures("page")
def test_errors_stand_in_the_order_in_which_the_page_shows_their_fields() -> None:
    form = LateCaseForm()
    form.validate()
    in_call = "{% call ui.form(form, 'Save') %}{{ ui.field(form.first) }}{{ ui.field(form.title) }}{{ ui.field(form.code) }}{% endcall %}"
    beside = (
        "{% set shown %}{{ ui.field(form.first) }}{{ ui.field(form.title) }}{{ ui.field(form.code) }}{% endset %}"
        "{{ ui.error_summary(form, shown) }}"
    )

    for way in (in_call, beside):
        assert re.findall(r'<li><a href="#(\w+)"', drawn(way, form=form)) == ["first", "title", "code"]
    assert re.findall(r'<li><a href="#(\w+)"', drawn("{{ ui.form(form, 'Save') }}", form=form)) == [
        "code",
        "title",
        "first",
    ]


@pytest.mark.usefixtures("page")
def test_an_error_stands_above_its_field_and_is_linked_from_the_summary() -> None:
    form = CaseForm()
    form.validate()
    shown = drawn('{{ ui.form(form, "Save the case") }}', form=form)

    assert '<a href="#code">Code: Give the case a code.</a>' in shown
    assert (
        shown.index('id="code-hint"')
        < shown.index('id="code-error"')
        < shown.index('<input aria-describedby="code-hint code-error"')
    )
    assert 'aria-invalid="true"' in shown
    assert 'name="once"' in shown


@pytest.mark.usefixtures("page")
def test_a_translated_field_asks_for_its_source_language_first() -> None:
    form = CaseForm(data={"title": Words.of({"ko": "급습"}, source="ko")})
    shown = drawn("{{ ui.field(form.title) }}", form=form)

    assert re.findall(r'<input type="text" name="([a-z-]+)"[^>]*value="([^"]*)" lang="(\w+)"', shown) == [
        ("title-ko", "급습", "ko"),
        ("title-en", "", "en"),
    ]


@pytest.mark.usefixtures("page")
def test_what_people_write_is_never_read_as_markup() -> None:
    hostile = "<img src=x>"
    shown = drawn(
        "{{ ui.words(w) }}{{ ui.code(t, t) }}{{ ui.missing(t, t, t, t, '/x') }}{{ ui.entry('09:00', '10:00', t, place=t) }}{{ ui.described([(t, t)]) }}",
        w=Words.of(hostile),
        t=hostile,
    )

    assert "<img" not in shown
    assert shown.count("&lt;img") >= 8


@pytest.mark.usefixtures("page")
def test_numbers_of_tables_filters_and_counts_have_the_digits_that_the_reader_chose() -> None:
    page = '{{ ui.num(40) }}{{ ui.num("T1") }}{{ ui.count(12) }}{{ ui.filters([("All", "/", false, 27)], "State") }}'
    g._login_user = User(digits="native")  # where Flask-Login keeps who has signed in
    with force_locale("th"):
        text = drawn(page)
    assert [found in text for found in ("<span>๔๐</span>", "<span>T1</span>", ">๑๒<", ">All ๒๗<")] == [True] * 4, text
