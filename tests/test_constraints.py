"""The lock file: every package that the kit and its tests need, with the version that is installed."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
REWRITE = "run `make lock`, then `make test`"


def stated(path: Path) -> list[Requirement]:
    """Return the requirements of a file, one in each line that is not a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def asked_by_name() -> list[Requirement]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return [*stated(ROOT / "requirements.txt"), *map(Requirement, groups["dev"])]


def locked() -> dict[str, Requirement]:
    return {canonicalize_name(line.name): line for line in stated(ROOT / "constraints.txt")}


def holds(requirement: Requirement, extras: frozenset[str]) -> bool:
    """Return whether a requirement is one on this machine, for a package that was asked for with these extras."""
    return requirement.marker is None or any(
        requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)
    )


def installed(name: str) -> str | None:
    """Return the version that is installed, None if there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def needed() -> set[str]:
    """Return the names of all packages that are needed here, directly or by another that is."""
    names: set[str] = set()
    looked_at: set[tuple[str, frozenset[str]]] = set()
    waiting = [requirement for requirement in asked_by_name() if holds(requirement, frozenset())]
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in looked_at:
            continue
        looked_at.add((name, extras))
        names.add(name)
        asked = map(Requirement, metadata.requires(name) or ()) if installed(name) else ()
        waiting += [requirement for requirement in asked if holds(requirement, extras)]
    return names


@pytest.mark.parametrize("requirement", asked_by_name(), ids=lambda requirement: requirement.name)
def test_what_is_asked_for_by_name_is_locked_with_the_same_version(requirement: Requirement):
    pin = locked().get(canonicalize_name(requirement.name))
    assert pin is not None, f"{requirement.name} is not in constraints.txt: {REWRITE}"
    assert pin.specifier == requirement.specifier, f"constraints.txt has {pin}: {REWRITE}"


def test_a_line_is_a_name_and_an_exact_version():
    for line in locked().values():
        (only,) = line.specifier
        assert (only.operator, line.url, line.extras, line.marker) == ("==", None, set(), None), str(line)
        assert "*" not in only.version, str(line)


def test_all_that_is_needed_is_locked_also_what_nobody_asked_for_by_name():
    names = needed()
    assert {"torch", "ruff", "markupsafe"} <= names  # the last is jinja2's
    assert names - locked().keys() == set(), REWRITE


def test_what_is_installed_has_the_locked_version():
    pins = locked()
    versions = {name: (pins[name].specifier, installed(name)) for name in needed() & pins.keys()}
    differing = {
        name: f"expected {pin}, got {version or 'nothing'}"
        for name, (pin, version) in versions.items()
        if version is None or not pin.contains(version, prereleases=True)
    }
    assert differing == {}, "run `make test`, which installs by constraints.txt"
