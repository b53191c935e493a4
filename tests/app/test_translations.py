"""Every sentence is in the catalogues, whole, in the words of the field; a changed string makes the check fail."""

import ast
import os
import pickle
import shutil
import subprocess
import sys
from gettext import c2py
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from click.testing import CliRunner
from jinja2 import Environment

from confmgr.app.translations import catalogues, commands, faults, glossary, pieces
from confmgr.app.translations.catalogues import TRANSLATED, UNREVIEWED
from confmgr.app.translations.glossary import BrokenGlossary, Term, breaches
from confmgr.config import PACKAGE, TEMPLATES
from tests.once import extracted
from tests.soak import SOAK

CASE = Term("case", ("affaire",), "certain", avoid=("dossier",), elsewhere=frozenset({"In any case, ask."}))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The strings of code and templates."""
    return extracted(tmp_path_factory)


def test_the_strings_of_macros_in_underscored_folders_are_translated(template: Catalog) -> None:
    known = {message.id for message in template}
    assert {"(optional)", "This could not be saved yet", "of %(whole)s", "Close this message"} <= known


def test_what_delegates_meet_is_wanted_in_every_language_and_the_board_in_whole_ones_only(template: Catalog) -> None:
    thai = {message.id for message in catalogues.wanted("th", template)}
    korean = {message.id for message in catalogues.wanted("ko", template)}
    assert {"My agenda", "Leads exchanged", "Sign in"} <= thai
    assert "Auto-schedule…" in korean - thai


def changed(templates: Path) -> None:
    """Another word for accepting, on one page below a folder of templates."""
    page = templates / "invitations" / "answer.html"
    said = page.read_text(encoding="utf-8")
    known = '_("Accept")'
    assert known in said
    page.write_text(said.replace(known, '_("Accept it now")'), encoding="utf-8")


def checked(folder: Path, _template: Catalog, _monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """What the check of a whole copy says in which that page is changed."""
    for part in ("confmgr", "templates", "translations"):
        shutil.copytree(
            PACKAGE.parent / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "vendor", "*.mo")
        )
    shutil.copy(PACKAGE.parent / "pyproject.toml", folder)
    changed(folder / "templates")
    command = "from confmgr.app.translations.commands import check; check()"
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def checked_quickly(folder: Path, template: Catalog, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """What the check says where the strings of that page alone are read anew, and no other file is."""
    page = folder / "templates" / "invitations" / "answer.html"
    page.parent.mkdir(parents=True)
    shutil.copy(TEMPLATES / "invitations" / "answer.html", page)
    changed(folder / "templates")
    monkeypatch.setattr(catalogues, "SOURCES", ((folder / "templates", catalogues.SOURCES[1][1]),))
    strings = pickle.loads(pickle.dumps(template))  # noqa: S301  # a copy
    for message in catalogues.extracted():
        if message.id:
            strings.add(message.id, None, message.locations, context=message.context)
    monkeypatch.setattr(catalogues, "extracted", lambda: strings)
    for part in ("PACKAGE", "TEMPLATES"):
        monkeypatch.setattr(commands, part, folder)
    done = CliRunner().invoke(commands.translations, ["check"])
    return done.exit_code, done.output


def test_a_changed_english_string_makes_the_check_fail_in_every_language(
    tmp_path: Path, template: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = (checked if SOAK else checked_quickly)(tmp_path, template, monkeypatch)
    assert code == 1
    assert {line for line in said.splitlines() if "'Accept it now'" in line} == {
        f"{tag}: no translation of 'Accept it now'" for tag in TRANSLATED
    }


def entry(english: str | tuple[str, str], told: str | tuple[str, ...]) -> Message:
    return Message(english, told)


@pytest.mark.parametrize(
    ("english", "told", "fault"),
    [
        ("%(who)s leaves", "%(wer)s geht", "placeholders differ"),
        ("%(who)s leaves", "geht", "placeholders differ"),
        ("%(num)s leave", "100 % de %(num)s", "placeholders differ"),
        ("Leave", "100 %", "placeholders differ"),
        ("Leave", "Ge\u202ehen", "invisible characters"),
        ("Leave", "<b>Gehen</b>", "markup"),
        ("Leave", "Gehen <!-- ", "markup"),
        ("Leave", "&#60;Gehen", "markup"),
        ("Fish &amp; chips", "<b>Fisch</b> &amp; Pommes", "markup"),
        ("Leave ", "Gehen", "spaces or line breaks at the ends differ"),
        ("This case", "Ce dossier", "case: none of affaire"),
    ],
)
def test_a_translation_that_breaks_something_is_a_fault(english: str, told: str, fault: str) -> None:
    assert fault in list(faults.of_entry(entry(english, told), [CASE]))


def test_one_of_something_need_not_say_its_number_but_many_must() -> None:
    english, single = ("%(num)s case", "%(num)s cases"), faults.of_one_number(Catalog(locale="es"))
    assert not list(faults.of_entry(entry(english, ("un caso", "%(num)s casos")), [], single))
    assert list(faults.of_entry(entry(english, ("un caso", "casos")), [], single)) == ["placeholders differ"]


@pytest.mark.parametrize(("language", "forms"), [("es", {0}), ("fr", set()), ("ar", {0, 1, 2}), ("km", set())])
def test_only_a_plural_form_of_one_number_may_leave_it_out(language: str, forms: set[int]) -> None:
    assert faults.of_one_number(Catalog(locale=language)) == forms


def test_the_forms_of_arabic_stand_in_the_order_in_which_translators_write_them() -> None:
    """Few, many, other: three to ten, eleven to ninety-nine, whole hundreds."""
    form = c2py(catalogues.read("ar").plural_expr)
    numbers = (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111, 1000)
    assert [form(number) for number in numbers] == [0, 1, 2, 3, 3, 4, 4, 5, 5, 3, 4, 5]


def test_in_french_the_form_that_one_shares_with_none_says_which_it_is() -> None:
    catalog, template = Catalog(locale="fr"), Catalog()
    template.add(("one case", "%(num)s cases"), locations=[("templates/problem.html", 1)])
    catalog.add(("one case", "%(num)s cases"), ("une affaire", "%(num)s affaires"))
    assert faults.of("fr", catalog, template, []) == [
        "fr: placeholders differ in ('one case', '%(num)s cases')",
    ]


def test_an_entry_that_is_missing_or_unsure_is_a_fault() -> None:
    template, catalog = Catalog(), Catalog(locale="fr")
    for text in ("One", "Two", "Three"):
        template.add(text, locations=[("templates/problem.html", 1)])
    catalog.add("One", "Un")
    catalog.add("Two", "Deux", flags=["fuzzy"])
    assert faults.of("fr", catalog, template, []) == [
        "fr: unsure translation of 'Two'",
        "fr: no translation of 'Three'",
    ]


def test_a_longer_term_covers_the_shorter_one_inside_it() -> None:
    terms = [
        Term("joint operation", ("opération conjointe",), "certain"),
        Term("operation", ("intervention",), "certain"),
    ]
    assert not list(breaches(terms, "The joint operation", "L'opération conjointe"))
    assert list(breaches(terms, "The operation", "L'opération")) == ["operation: none of intervention"]


def test_a_term_that_means_something_else_in_a_sentence_is_let_be() -> None:
    assert not list(breaches([CASE], "In any case, ask.", "Demandez toujours."))
    assert list(breaches([CASE], "These cases", "Ces affaires (dossiers)")) == ["case: not dossier"]


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_language_has_a_word_for_every_term_and_says_how_sure_it_is(tag: str) -> None:
    terms = {term.english: term for term in glossary.load(tag)}
    assert {"case", "lead", "joint action", "head of delegation"} <= terms.keys()
    assert {term.certainty for term in terms.values()} <= {"certain", "probable", "doubtful"}


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ('[[term]]\nenglish = "case"\nforms = ["affaire"]\n', "case"),
        ('[[term]]\nenglish = "case"\nforms = []\ncertainty = "certain"\n', "case"),
        ('[[term]]\nenglish = "case"\nforms = ["affaire"]\ncertainty = "certain"\n' * 2, "stands twice"),
        ('[[term]]\nenglish = "case"\nforms = ["affaire"]\ncertainty = "certain"\n', "no .*action list"),
        ('[[term]]\nenglish = "suitcase"\nforms = ["valise"]\ncertainty = "certain"\n', "suitcase is not in"),
    ],
)
def test_a_glossary_that_leaves_something_out_is_refused(kept: Path, entries: str, why: str) -> None:
    (kept / "translations" / "fr" / "glossary.toml").write_text(entries, encoding="utf-8")
    with pytest.raises(BrokenGlossary, match=why):
        glossary.load("fr")


@pytest.mark.parametrize(
    "code",
    ['_("Send") + name + _("to all")', "f\"{_('Sent to')} everybody\"", '" ".join([_("Sent"), _("to all")])'],
)
def test_a_sentence_that_code_puts_together_is_found(code: str) -> None:
    assert len(list(pieces.in_code(ast.parse(code)))) == 1


def test_lists_and_whole_sentences_of_code_are_let_be() -> None:
    code = '", ".join([_("Rooms"), _("Tables")])\nf"{said} {kept}"\n_("Sent to %(who)s", who=name)'
    assert not list(pieces.in_code(ast.parse(code)))


@pytest.mark.parametrize(
    "template",
    [
        '<p>{{ count }} {{ _("leads") }}</p>',
        '<p><b>{{ _("Sent to") }}</b> {{ name }}</p>',
        '{{ _("Sent") }}{% if all %} {{ _("to everybody") }}{% endif %}',
    ],
)
def test_a_sentence_that_a_page_puts_together_is_found(template: str) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    assert len(list(pieces.in_template(environment.parse(template)))) == 1


@pytest.mark.parametrize(
    "template",
    [
        '<td>{{ count }}</td><td>{{ _("leads") }}</td>',
        '{{ code }} · {{ _("interpreter") }}',
        '{{ _("Sent to %(who)s", who=name) }} {{ mark }}',
        '{{ icon("mutual") }} {{ _("each asked the other") }}',
    ],
)
def test_words_that_stand_apart_are_let_be(template: str) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    assert not list(pieces.in_template(environment.parse(template)))


@pytest.fixture
def kept(tmp_path: Path, template: Catalog, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogues that a test may change; the strings are read from code and templates once."""
    monkeypatch.setattr(catalogues, "extracted", lambda: template)
    shutil.copytree(PACKAGE.parent / "translations", tmp_path / "translations")
    for room in (catalogues, glossary):
        monkeypatch.setattr(room, "TRANSLATIONS", tmp_path / "translations")
    return tmp_path


def opened(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source)


def test_a_translator_reviews_what_was_drafted_and_status_counts_it(kept: Path) -> None:
    runner, file = CliRunner(), kept / "out.po"
    assert runner.invoke(commands.translations, ["out", "fr", str(file)]).exit_code == 0
    sent = opened(file)
    mine = sent["My agenda"]
    assert mine.fuzzy
    mine.flags.discard("fuzzy")
    with file.open("wb") as target:
        write_po(target, sent)
    before = catalogues.read("fr")["My agenda"]
    assert UNREVIEWED in before.user_comments
    done = runner.invoke(commands.translations, ["in", "fr", str(file)])
    assert done.output == "fr: 1 entries reviewed\n"
    assert UNREVIEWED not in catalogues.read("fr")["My agenda"].user_comments


def test_a_file_in_another_language_or_with_a_broken_entry_is_refused_whole(kept: Path) -> None:
    runner, file = CliRunner(), kept / "out.po"
    runner.invoke(commands.translations, ["out", "es", str(file)])
    before = catalogues.path("fr").read_bytes()
    done = runner.invoke(commands.translations, ["in", "fr", str(file)])
    assert (done.exit_code, "this file is in es, not in fr" in done.output) == (1, True)
    runner.invoke(commands.translations, ["out", "fr", str(file)])
    sent = opened(file)
    broken = sent["of %(whole)s"]
    broken.flags.discard("fuzzy")
    broken.string = "de %(tout)s"
    with file.open("wb") as target:
        write_po(target, sent)
    done = runner.invoke(commands.translations, ["in", "fr", str(file)])
    assert (done.exit_code, "placeholders differ in 'of %(whole)s'" in done.output) == (1, True)
    assert catalogues.path("fr").read_bytes() == before


def test_writing_a_catalogue_twice_gives_the_same_bytes(kept: Path) -> None:
    catalogues.write("ko", catalogues.read("ko"))
    once = catalogues.path("ko").read_bytes()
    catalogues.write("ko", catalogues.read("ko"))
    assert catalogues.path("ko").read_bytes() == once
    assert kept in catalogues.path("ko").parents
