"""The sample operation arrives at the published figures from single records, and follows its data file."""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from confmgr.app.sample import DATA
from confmgr.app.supervisor import SAMPLE_ACCOUNTS
from confmgr.config import TEMPLATES
from confmgr.interchange import building, schema
from tests.interchange.samples import Figures, Raw, bare, figures_of, real, small_figures


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """What the data file as it is comes to."""
    return small_figures(tmp_path_factory)


def declared(found: Figures, code: str) -> dict[str, Any]:
    return next(row for row in found["totals"] if row.get("figure") == code)


def recorded(found: Figures, measure: str, meeting: str | None = None) -> dict[str, Any]:
    return next(
        row
        for row in found["totals"]
        if row["measure"] == measure and row["meeting"] == meeting and row["declared"] is None
    )


def interval(row: dict[str, Any]) -> tuple[int, int]:
    return row["from"], row["to"]


def figure(raw: Raw, code: str) -> Raw:
    return next(row for row in raw["figure"] if row["code"] == code)


@pytest.mark.parametrize(
    ("code", "announced", "records"),
    [
        ("first-case-declared", 28, ["poipet-arrested", "bangkok-arrested"]),
        (
            "december-arrested-declared",
            92,
            ["poipet-arrested", "sihanoukville-dec-arrested", "mondulkiri-arrested"],
        ),
        ("december-rescued-declared", 2, ["sihanoukville-dec-rescued", "mondulkiri-rescued"]),
    ],
)
def test_a_declared_total_is_reached_from_its_records(
    published: Figures, code: str, announced: int, records: list[str]
) -> None:
    row = declared(published, code)
    assert (row["declared"], interval(row), sorted(row["records"])) == (
        announced,
        (announced, announced),
        sorted(records),
    )


def test_a_declared_total_beyond_the_records_stands_beside_what_they_hold(published: Figures) -> None:
    row = declared(published, "task-force-arrested-18-feb")
    assert (row["declared"], interval(row)) == (140, (109, 109))


def test_the_first_meeting_led_to_31_to_60_arrests_and_15_to_30_returns(published: Figures) -> None:
    assert interval(recorded(published, "arrested", "seoul-2025")) == (31, 60)
    assert interval(recorded(published, "returned", "seoul-2025")) == (15, 30)


def test_excluding_an_overlap_moves_the_range(tmp_path: Path) -> None:
    raw = bare(real())
    for row in raw["overlap"]:
        if {row["first"], row["second"]} == {"five-cases-arrested", "poipet-arrested"}:
            row["decision"] = "excluded"
    assert interval(recorded(figures_of(raw, tmp_path), "arrested", "seoul-2025")) == (46, 60)


def test_changing_one_figure_changes_every_total_that_rests_on_it(tmp_path: Path) -> None:
    raw = bare(real())
    figure(raw, "bangkok-arrested")["low"] = 14
    found = figures_of(raw, tmp_path)
    assert interval(declared(found, "first-case-declared")) == (29, 29)
    assert interval(recorded(found, "arrested", "seoul-2025")) == (31, 61)


@pytest.mark.parametrize(
    ("measure", "meeting", "count"),
    [
        ("leads", "seoul-2025", 75),
        ("cases", "seoul-2025", 26),
        ("cases_ready", "seoul-2025", 8),
        ("countries", "seoul-2025", 16),
        ("leads", "seoul-2026", 80),
        ("cases", "seoul-2026", 45),
        ("countries_with_cases", "seoul-2026", 13),
        ("countries", "seoul-2026", 22),
    ],
)
def test_what_was_exchanged_is_counted_from_the_records(
    published: Figures, measure: str, meeting: str, count: int
) -> None:
    row = recorded(published, measure, meeting)
    assert (interval(row), len(row["records"])) == ((count, count), count)


def test_on_the_day_there_were_24_cases_and_two_came_later(published: Figures) -> None:
    assert interval(declared(published, "meeting-1-cases-on-the-day")) == (24, 24)
    assert interval(declared(published, "meeting-1-cases")) == (26, 26)


def test_sources_that_disagree_stand_side_by_side_with_one_chosen(published: Figures) -> None:
    disagreements = published["disagreements"]
    victims = next(row for row in disagreements if row["measure"] == "fraud_victims")
    said = {(one["from"], one["qualifier"]) for one in victims["figures"]}
    assert said == {(27, "exact"), (29, "exact"), (30, "more_than")}
    assert [one["from"] for one in victims["figures"] if one["chosen"]] == [29]


def test_no_total_is_written_into_the_data_file() -> None:
    raw = tomllib.loads(DATA.read_text(encoding="utf-8"))
    assert all(row["kind"] in {"recorded", "declared"} for row in raw["figure"])
    assert not {"total", "totals"} & set(raw)


def test_what_no_report_states_is_marked_as_illustrative() -> None:
    raw = tomllib.loads(DATA.read_text(encoding="utf-8"))
    leads = [lead for meeting in raw["meeting"] for lead in meeting["leads"]]
    assert all(lead["illustrative"] for lead in leads)
    named = {"KR", "US", "CN", "JP", "KH", "VN"}
    second = raw["meeting"][1]["delegations"]
    states = {party["code"] for party in raw["party"] if party["kind"] == "state"}
    assert {row["party"] for row in second if row["party"] in states and not row.get("illustrative")} == named


def test_a_figure_of_an_unknown_source_is_refused_with_its_name(tmp_path: Path) -> None:
    raw = bare(real())
    figure(raw, "bangkok-arrested")["source"] = "R99"
    with pytest.raises(schema.WrongData, match="figure bangkok-arrested: there is no source R99"):
        figures_of(raw, tmp_path)


@pytest.mark.parametrize("changes", [{"currency": "XQX"}, {"rate": 0}, {"source": "R9"}])
def test_a_wrong_rate_is_refused_with_the_name_of_its_figure(tmp_path: Path, changes: dict[str, Any]) -> None:
    raw = bare(real())
    figure = next(row for row in raw["figure"] if row["code"] == "haechi-ring-loss")
    figure["conversions"][0] |= changes
    with pytest.raises(schema.WrongData, match="figure haechi-ring-loss"):
        figures_of(raw, tmp_path)


def test_an_operation_is_in_the_phase_that_its_file_says_or_is_planned() -> None:
    raw = real()
    assert schema.parse(raw).operation.phase.value == "operational"
    del raw["operation"]["phase"]
    assert schema.parse(raw).operation.phase.value == "planning"


def test_every_fault_of_a_file_is_named_with_where_it_stands() -> None:
    raw = real()
    raw["operation"]["colour"] = "blue"
    figure(raw, "bangkok-arrested")["low"] = "many"
    with pytest.raises(schema.WrongData) as wrong:
        schema.parse(raw)
    assert any("operation, colour" in fault for fault in wrong.value.faults)
    assert any("figure bangkok-arrested, low: " in fault for fault in wrong.value.faults)


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("format = ")
    with pytest.raises(schema.WrongData, match=r"broken\.toml"):
        schema.read(path)


def test_translations_beside_a_file_add_languages_and_never_overrule_it(tmp_path: Path) -> None:
    path = tmp_path / "data.toml"
    shutil.copy(DATA, path)
    (tmp_path / "words").mkdir()
    words = '[words]\n"Breaking Chains" = "Briser les chaînes"\n"Korean National Police Agency" = "Police coréenne"\n'
    (tmp_path / "words" / "fr.toml").write_text(words, encoding="utf-8")
    (tmp_path / "words" / "ko.toml").write_text('[words]\n"Breaking Chains" = "다른 말"\n', encoding="utf-8")
    name = schema.read(path).operation.name
    assert (name.source, name.text("fr"), name.text("ko")) == ("en", "Briser les chaînes", "브레이킹 체인스")


def test_broken_translations_beside_a_file_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "data.toml"
    shutil.copy(DATA, path)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "fr.toml").write_text("[word]\n", encoding="utf-8")
    with pytest.raises(schema.WrongData, match=r"fr\.toml"):
        schema.read(path)


def test_the_accounts_that_are_told_to_newcomers_exist_and_their_password_is_right() -> None:
    raw = tomllib.loads(DATA.read_text(encoding="utf-8"))
    people = [person for party in raw["party"] for person in party.get("people", ()) if person.get("account")]
    known = {row["email"] for row in [*raw["account"], *people]}
    told = set(re.findall(r"[\w.]+@[\w.]+example", SAMPLE_ACCOUNTS))
    page = set(re.findall(r"[\w.]+@[\w.]+example", (TEMPLATES / "accounts/sign_in.html").read_text(encoding="utf-8")))
    assert told == page
    assert told <= known
    assert SAMPLE_ACCOUNTS.endswith(building.PASSWORD)
