"""Each deliberately broken plugin is caught by the case meant for it, and by no other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict

import pytest

from core.testing import broken_plugins
from core.testing.broken_plugins import BROKEN
from hygge_core.testing.contract import cases_of
from hygge_core.testing.installed import find_installed
from hygge_core.testing.plugin import PluginContract


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    """The cases that failed for each plugin and what they said, from one run of pytest in a process of its own."""
    folder = tmp_path_factory.mktemp("plugins")
    file = broken_plugins.build(folder)
    options = ["-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", "-p", "no:randomly", "-c", os.devnull]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", str(file), "--rootdir", str(folder), *options],
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "2000"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    found = defaultdict(dict)
    for plugin, case, told in re.findall(r"^(?:FAILED|ERROR) .*::Test_(\w+)::(\w+) - (.*)", done.stdout, re.MULTILINE):
        found[plugin][case] = told
    assert found, done.stdout + done.stderr
    return found


def test_the_sound_plugin_keeps_every_promise(failed):
    assert failed["sound"] == {}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_plugins_are_caught_by_the_case_meant_for_them(failed, name):
    assert failed[name].keys() == BROKEN[name].caught_by


def test_every_case_catches_something():
    caught = frozenset().union(*(each.caught_by for each in BROKEN.values()))
    assert caught == cases_of(PluginContract).keys()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("polars_at_load", "Loading it imports polars: acme_polars_at_load.plugin -> polars. Import it inside"),
        ("polars_by_hygge_at_load", "acme_polars_by_hygge_at_load.plugin -> hygge_core.staging.store -> "),
        ("half_the_standard_library", "acme-half_the_standard_library adds "),
        ("prints_at_load", "Loading it writes to standard output or error:"),
        ("warns_at_load", "plugin.py:"),
        ("asks_a_server_for_settings", "['socket.getaddrinfo 127.0.0.1', "),
        ("ends_the_process", "broken promise: acme-ends_the_process can be loaded. It ended the process:"),
        ("no_upper_bound", 'requires hygge-core>=0.1; write "hygge-core>=0.1,<0.2"'),
        ("no_requirement", "requires no hygge-core; write"),
        ("undeclared", "['acme_undeclared/plugin.py:25: duckdb']; add them to its dependencies"),
        ("untyped", "['acme_untyped'] has no file py.typed"),
        ("no_licence", "acme-no_licence names no licence"),
        ("no_readme", "acme-no_readme has no Description"),
        ("no_summary", "`hygge plugins` has no word for ['store attic']"),
        ("another_group", "acme-another_group has no entry point in the group 'hygge'"),
        ("misspelt_hook", "implements unknown hook 'hygge_storess'; did you mean 'hygge_stores'?"),
        (
            "settings_change",
            "['acme_settings_change.plugin.AtticConfig']; declare them with @attrs.frozen(kw_only=True)",
        ),
        ("settings_without_type", "cannot say what may stand in ['store attic: box']"),
        ("types_cannot_be_read", "plugin: the types of Lid cannot be resolved: name 'date' is not defined"),
        ("nameless", 'say which distribution to try: distribution = "hygge-store-acme"'),
        ("keys_alike", "Of 'lidx' in a store attic, hygge says '', and not that 'lid' is meant"),
        ("no_example", "settings = {'store attic': {...}}"),
        ("example_of_something_else", "settings names what the plugin does not bring: ['store cellar']"),
        (
            "wrong_example",
            "the example settings of store attic cannot be read: the example: store.lid: must be a table",
        ),
        ("plain_secret", "These are plain texts: ['store attic: key']"),
        ("secret_shows", "The text of the settings of ['store attic'] shows a secret"),
        ("inner_command_fails", "`hygge dust off --help` ends with 1:"),
        ("command_is_none", "'dust' loads <built-in function print>, which is no command of click"),
        (
            "overdue",
            "cellar is deprecated since acme-overdue 0.8 and goes with 1.0: use attic, and this is acme-overdue 1.0",
        ),
        ("private_name", "['acme_private_name/plugin.py:25: from hygge_core.engine.go import go']"),
    ],
)
def test_a_case_says_what_broke_and_where(failed, name, told):
    assert any(told in text for text in failed[name].values()), failed[name]


def test_a_distribution_that_is_not_installed_is_said():
    with pytest.raises(LookupError, match=r"^no distribution 'acme-nowhere' is installed here; `pip install -e` it$"):
        find_installed("acme-nowhere")


def test_no_case_shows_a_secret(failed):
    assert not [text for told in failed.values() for text in told.values() if "Fjord+Havn7" in text]
