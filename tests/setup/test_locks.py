"""The locks agree with what the project asks for, and name no registry."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
ADDRESS = re.compile(r"https?://|registry\.|--(extra-)?index-url|--find-links")


def wanted() -> list[Requirement]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    texts = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(text for extra in project["project"]["optional-dependencies"].values() for text in extra),
        *project["dependency-groups"]["dev"],
    ]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_what_the_project_needs_is_locked(requirement: Requirement) -> None:
    pins = dict(PIN.findall((REPOSITORY / "requirements.txt").read_text()))
    pinned = pins.get(canonicalize_name(requirement.name))
    assert pinned is not None, "run bin/install lock"
    assert requirement.specifier.contains(pinned, prereleases=True), "run bin/install lock"


@pytest.mark.parametrize("name", ["requirements.txt", "bin/tools.txt"])
def test_every_locked_python_package_has_hashes(name: str) -> None:
    blocks = re.split(r"^(?=[a-z])", (REPOSITORY / name).read_text(), flags=re.MULTILINE)[1:]
    bare = [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block]
    assert blocks
    assert bare == []


@pytest.mark.parametrize("name", ["requirements.txt", "bin/tools.txt", ".npmrc"])
def test_no_lock_names_a_registry(name: str) -> None:
    assert ADDRESS.findall((REPOSITORY / name).read_text()) == []


def test_the_npm_lock_has_hashes_and_no_addresses() -> None:
    lock = json.loads((REPOSITORY / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    asked = json.loads((REPOSITORY / "package.json").read_text())
    assert lock["packages"][""]["dependencies"] == asked["dependencies"]
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not [name for name, entry in packages.items() if "resolved" in entry]


def test_the_vendor_files_are_those_of_the_checksum_list() -> None:
    vendor = REPOSITORY / "confmgr/static/vendor"
    listed = {line.split("  ", 1)[1] for line in (REPOSITORY / "bin/vendor.sha256").read_text().splitlines()}
    there = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert there == listed, "run bin/install serve"
