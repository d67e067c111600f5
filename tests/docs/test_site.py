"""The builder of the site finds what is broken. Long, and skipped where it is not installed: `nox -s docs`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


pytest.importorskip("furo", reason="the builder is in the dependency group docs")
pytest.importorskip("myst_parser", reason="the builder is in the dependency group docs")
pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def build(tmp_path):
    """Build a site of two pages, of which the second says this."""

    def build(text, index="- [Page](page.md): a page"):
        docs = tmp_path / "repository" / "docs"
        docs.mkdir(parents=True)
        shutil.copy(DOCS / "conf.py", docs)
        shutil.copytree(DOCS / "site", docs / "site")
        (docs.parent / "README.md").write_text("# Readme\n", "utf-8")
        readme = "- [Readme](../README.md): outside"
        (docs / "index.md").write_text(f"# Index\n\n## All\n\n{index}\n{readme}\n", "utf-8")
        (docs / "page.md").write_text(text, "utf-8")
        words = ["-q", "-W", "--keep-going", "-n", "-c", "docs", ".", str(tmp_path / "site")]
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "sphinx", *words],
            cwd=docs.parent,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        return run.returncode, run.stderr, tmp_path / "site"

    return build


def test_sound_pages_become_a_site(build):
    code, said, site = build("# Page\n\nSee [the index](index.md#all) and [the readme](../README.md).\n")
    assert (code, said) == (0, "")
    page = (site / "docs" / "page.html").read_text("utf-8")
    assert 'href="../README.html"' in page
    assert "docs/index.html" in (site / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# Page\n\n[a](nowhere.md)\n", "'nowhere.md'"),
        ("# Page\n\n[a](index.md#nowhere)\n", "nowhere"),
        ("# Page\n\n[a](../NOWHERE.md)\n", "NOWHERE"),
        ("# Page\n\n#### Deep\n", "H1 to H4"),
    ],
)
def test_what_is_broken_stops_the_build(build, text, fault):
    code, said, _ = build(text)
    assert code != 0
    assert fault in said


def test_a_page_that_the_index_leaves_out_stops_the_build(build):
    code, said, _ = build("# Page\n", index="")
    assert code != 0
    assert "isn't included in any toctree" in said
