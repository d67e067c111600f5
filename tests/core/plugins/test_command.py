"""``hygge plugins`` in processes of its own, as people and CI call it."""

from __future__ import annotations

import json

import pytest

from hygge_core import __version__
from hygge_core.hookspecs import API


HEAVY = {"polars", "structlog", "rich", "cattrs", "stamina", "psutil", "duckdb", "pyarrow", "azure", "pyodbc"}
REPORT_MODULES = """
import sys
from hygge_core.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*{name.split(".")[0] for name in sys.modules}, sep=",", file=sys.stderr)
"""


def plugins_of(done):
    document = json.loads(done.stdout)
    return document, {plugin["distribution"]: plugin for plugin in document["plugins"]}


def test_the_page_says_what_everything_brings_and_what_is_wrong(hygge):
    done = hygge("-m", "hygge_core", "plugins", folders=("sound", "late_error"))
    assert done.returncode == 0, done.stderr
    assert (
        """acme-attic 1.0 (attic): loaded
  home        cellar               Jars on a shelf
  store       attic                Boxes under the roof
  store       shed
  connection  ladder
  command     dust                 Dust the attic
  hook        hygge_before_commit
  hook        hygge_after_commit

acme-late-error 1.0 (plugin): broken
  problem     hygge_stores failed: RuntimeError: boom after the first item and
              more
  fix         repair or reinstall it, or disable it
"""
        in done.stdout
    )
    assert done.stdout.splitlines()[-1].endswith(f"1 broken, {done.stdout.count(': loaded')} loaded; plugin API {API}")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stderr == ""


def test_the_document_holds_the_same_with_stable_keys(hygge):
    done = hygge("-m", "hygge_core", "plugins", "--output", "json", folders=("clash_one", "clash_two", "core_too_old"))
    document, plugins = plugins_of(done)
    assert done.returncode == 0
    assert set(document) == {"hygge", "api", "sound", "plugins", "warnings"}
    assert document["sound"] is False
    assert document["api"] == API == 1
    assert plugins["acme-core-too-old"] == {
        "distribution": "acme-core-too-old",
        "version": "1.0",
        "entry_point": "plugin",
        "target": "acme_core_too_old",
        "state": "incompatible",
        "faulty": True,
        "brings": [],
        "faults": [
            {
                "what": f"it needs hygge-core<100,>=99, and this is hygge-core {__version__}",
                "fix": "pip install --upgrade acme-core-too-old hygge-core",
            }
        ],
    }
    assert plugins["acme-squatter"]["brings"][1] == {"kind": "store", "name": "basket", "summary": ""}
    assert plugins["acme-squatter"]["faults"][0]["what"].startswith("store 'crate' is brought by acme-owner")


@pytest.mark.parametrize(
    ("folders", "code"),
    [
        (("sound",), 0),
        (("import_error",), 2),
        (("core_too_old",), 2),
        (("clash_one", "clash_two"), 2),
        (("sound", "newer_copy"), 0),
    ],
)
def test_check_and_strictness_turn_a_faulty_plugin_into_exit_code_2(hygge, folders, code):
    checked = hygge("-m", "hygge_core", "plugins", "--check", folders=folders)
    strict = hygge("-m", "hygge_core", "plugins", folders=folders, HYGGE_STRICT_PLUGINS="1")
    assert (checked.returncode, strict.returncode) == (code, code)
    assert checked.stdout == strict.stdout
    assert "acme-" in checked.stdout


@pytest.mark.parametrize("project", [(), ("--project", ".")])
def test_what_the_project_disables_is_shown_as_disabled(hygge, tmp_path, project):
    (tmp_path / "hygge.toml").write_text('[options]\ndisable_plugins = ["acme-attic"]\n', encoding="utf-8")
    done = hygge("-m", "hygge_core", "plugins", "--output", "json", *project, folders=("sound",))
    _, plugins = plugins_of(done)
    assert plugins["acme-attic"]["state"] == "disabled"
    assert plugins["acme-attic"]["faults"] == [
        {
            "what": "disabled by [options] disable_plugins",
            "fix": "take 'acme-attic' out of [options] disable_plugins to use it",
        }
    ]


def test_a_project_that_is_not_there_is_an_error_of_usage(hygge):
    done = hygge("-m", "hygge_core", "plugins", "--project", "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr


def test_a_slip_in_a_disabled_name_is_a_warning_on_the_page(hygge):
    done = hygge("-m", "hygge_core", "plugins", folders=("sound",), HYGGE_DISABLE_PLUGINS="acme-atic")
    assert "  warning     HYGGE_DISABLE_PLUGINS names 'acme-atic', and no such plugin" in done.stdout


def test_with_everything_disabled_nothing_is_lost_from_view(hygge):
    names = "hygge-home-files,hygge-store-parquet,acme-attic"
    done = hygge("-m", "hygge_core", "plugins", folders=("sound",), HYGGE_DISABLE_PLUGINS=names)
    assert done.stdout.count(": disabled") == 3
    assert "acme-attic 1.0 (attic): disabled" in done.stdout


def test_without_any_plugin_the_page_says_how_to_begin(hygge):
    code = "import importlib.metadata as m; m.distributions = lambda **_: []\n" + REPORT_MODULES
    done = hygge("-c", code, "plugins")
    assert done.stdout == "No plugins are installed. Begin with `pip install hygge-home-files hygge-store-parquet`.\n"


@pytest.mark.parametrize("arguments", [("plugins",), ("plugins", "--output", "json"), ("plugins", "--help")])
def test_listing_plugins_imports_nothing_heavy(hygge, arguments):
    done = hygge("-c", REPORT_MODULES, *arguments, folders=("sound",))
    assert done.returncode == 0
    modules = set(done.stderr.strip().split(","))
    assert "hygge_core" in modules
    assert not HEAVY & modules
    assert ("acme_attic" in modules) == ("--help" not in arguments)


def test_what_a_plugin_prints_stays_out_of_the_document(hygge):
    done = hygge("-m", "hygge_core", "plugins", "--output", "json", folders=("chatty",))
    _, plugins = plugins_of(done)
    assert plugins["acme-chatty"]["state"] == "loaded"
    assert done.stderr == "hello from the import\nhello from the hook\n"


def test_tracing_tells_every_import_and_every_hook_with_its_result(hygge):
    done = hygge(
        "-m", "hygge_core", "plugins", "--output", "json", folders=("sound", "late_error"), HYGGE_TRACE_PLUGINS="1"
    )
    json.loads(done.stdout)
    assert all(line.startswith("hygge plugins: ") for line in done.stderr.splitlines())
    assert "import of acme_attic for acme-attic 1.0 (attic) -> module in " in done.stderr
    assert "hygge_stores of acme-attic 1.0 (attic) -> [StoreType attic, StoreType shed] in " in done.stderr
    assert "hygge_stores of acme-late-error 1.0 (plugin) failed after " in done.stderr
    assert "acme_late_error.py" in done.stderr  # the traceback leads into the plugin


def test_metadata_is_read_once(hygge):
    count = """
import importlib.metadata as metadata, sys
real, calls = metadata.distributions, []
def counted(**arguments):
    calls.append(arguments)
    return real(**arguments)
metadata.distributions = counted
from hygge_core.plugins import Plugins
Plugins.load()
sys.exit(len(calls))
"""
    assert hygge("-c", count, folders=("sound",)).returncode == 1
