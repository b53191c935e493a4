import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from confmgr.values.languages import LANGUAGES, babel_locale

REPOSITORY = Path(__file__).parents[2]
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", BUILD, folder], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return folder / done.stdout.strip().splitlines()[-1]


@pytest.mark.slow
def test_a_wheel_holds_what_runs_without_node(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        "confmgr/app/factory.py",
        "confmgr/migrations/env.py",
        "confmgr/static/confmgr.css",
        "confmgr/static/vendor/htmx/htmx.min.js",
        "confmgr/static/vendor/fonts/noto-sans-kr/NotoSansKR_400Regular.ttf",
        "confmgr/static/vendor/fonts/noto-sans-kr/wght.css",
        "confmgr/_templates/layout.html",
        *(f"confmgr/_translations/{babel_locale(tag)}/LC_MESSAGES/messages.mo" for tag in LANGUAGES if tag != "en"),
    }
    assert expected - names == set()
    assert {name.split("/")[0] for name in names} <= {"confmgr", f"confmgr-{version()}.dist-info"}


@pytest.mark.slow
def test_an_unpacked_wheel_finds_its_own_templates_and_translations(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "from confmgr import config; print(config.TEMPLATES, config.TRANSLATIONS, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [Path(line) for line in done.stdout.splitlines()]
    assert found == [tmp_path / "confmgr/_templates", tmp_path / "confmgr/_translations"]
    assert all(path.is_dir() for path in found)


def version() -> str:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    return str(project["project"]["version"])
