"""The list of public names is current, and says of each what its users rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from hygge_core.public import PUBLIC, public_names


DOCS = Path(__file__).parents[2] / "docs"
LISTING = (DOCS / "reference" / "public-api.txt").read_text("utf-8")


def test_the_list_is_current(program):
    page = program("public_api").page()
    assert page == LISTING, (
        "run `python docs/public_api.py`, see what changed, and commit docs/reference/public-api.txt"
    )


@pytest.mark.parametrize("module", PUBLIC)
def test_every_public_name_is_listed(module):
    listed = {line.removeprefix("class ").removeprefix("protocol ") for line in LISTING.splitlines()}
    for name in public_names(module):
        path = f"{module}.{name}"
        assert any(line == path or line.startswith((f"{path}(", f"{path}:", f"{path} =")) for line in listed), path


@pytest.mark.parametrize(
    "line",
    [
        "hygge_core.Context = hygge_core.plugin.Context",
        "class hygge_core.commit.Part(*, name: str, staged: str, rows: int, size: int, checksum: str)",
        "class hygge_core.commit.TableRun(*, id: str, flow: str, entity: str, started: datetime, attempt: int=...)",
        "hygge_core.commit.TableRun.token: str",
        "hygge_core.commit.Mode = Literal['replace', 'append', 'upsert']",
        "protocol hygge_core.home.Counts(Protocol)",
        "hygge_core.home.Counts.count(request: ReadRequest) -> int",
        "class hygge_core.errors.HyggeError(what: str, *, where: str=..., fix: str=...)",
        "hygge_core.hookspecs.CommitSpecs.hygge_after_commit(run: TableRun, receipt: Receipt) -> None",
        "hygge_core.hookspecs.API",
        "class hygge_core.secret.Secret(*, value: str)",
    ],
)
def test_a_line_says_how_something_is_used(line):
    assert line in LISTING.splitlines()


def test_nothing_private_is_listed():
    assert not [line for line in LISTING.splitlines() if "._" in line and "__version__" not in line]
