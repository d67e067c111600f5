"""What must stay quick imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import clean_environment


HEAVY = ("polars", "structlog", "rich", "stamina", "psutil", "pyarrow", "duckdb", "azure", "pyodbc")

GUARD = f"""
import sys
from hygge_core.cli import main
try:
    main(sys.argv[1:])
except SystemExit as left:
    code = left.code
found = [name for name in {HEAVY!r} if name in sys.modules]
print("HEAVY", *found, "CATTRS" if "cattrs" in sys.modules else "", file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("args", "light"),
    [
        (["--help"], True),
        (["--version"], True),
        (["nonsense"], True),
        (["plugins"], True),
        (["go", "--help"], True),
        (["completion", "bash"], True),
        (["plan"], False),
        (["go", "--flow", "nowhere"], False),
        (["journal", "runs"], False),
    ],
)
def test_no_library_of_weight_is_imported(tmp_path, args, light, stage_door):
    (tmp_path / "hygge.toml").write_text('name = "empty"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", GUARD, *args],
        cwd=tmp_path,
        env=clean_environment(**stage_door),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    words = done.stderr.splitlines()[-1].split()
    assert words[0] == "HEAVY", done.stderr
    assert not set(words) & set(HEAVY)
    assert not (light and "CATTRS" in words)
