"""A sound plugin, and plugins that differ from it in one fault each, written as pip would install them.

``build`` writes them all into one folder, with a file of tests that holds each against `PluginContract`.
"""

from __future__ import annotations

from textwrap import dedent, indent

from attrs import evolve, frozen

from hygge_core.testing.contract import cases_of
from hygge_core.testing.plugin import PluginContract


METADATA = """\
Metadata-Version: 2.4
Name: {distribution}
Version: 1.0
Summary: Boxes under the roof
License-Expression: MIT
Requires-Python: >=3.11
Requires-Dist: hygge-core<0.2,>=0.1

Where boxes settle.
"""

PLUGIN = """\
from __future__ import annotations

from typing import Any

import attrs
from attrs import define, field, frozen

from hygge_core import Command, HomeType, Secret, StoreType, hookimpl


@frozen(kw_only=True)
class Lid:
    colour: str = "red"


@frozen(kw_only=True)
class AtticConfig:
    box: str
    key: Secret
    lid: Lid | None = None


def open_attic(config, context):
    import polars

    return polars


def load_dust():
    import click

    return click.Command("dust", help="Dust the attic")


@hookimpl
def hygge_stores():
    yield StoreType(name="attic", config=AtticConfig, open=open_attic, summary="Boxes under the roof")


@hookimpl
def hygge_commands():
    yield Command(name="dust", load=load_dust, summary="Dust the attic")
"""

SETTINGS = {"store attic": {"box": "left", "key": "Fjord+Havn7", "lid": {"colour": "blue"}}}

UNWATCHED = """
@pytest.fixture
def loading(self):
    pytest.skip("what loading does is no part of this fault, and a process takes its time")
"""

LOADING = {
    "test_loading_it_imports_nothing_heavy",
    "test_loading_it_adds_few_modules",
    "test_loading_it_says_nothing",
    "test_loading_it_warns_of_nothing",
    "test_loading_it_reaches_for_no_server",
}


@frozen(kw_only=True)
class Twin:
    """One plugin: its files, and the cases that have to catch it."""

    caught_by: frozenset[str]
    plugin: str = PLUGIN
    metadata: str = METADATA
    group: str = "hygge"
    typed: bool = True
    settings: dict[str, object] = SETTINGS
    body: str = ""


SOUND = Twin(caught_by=frozenset())


def twin(*caught_by, top="", end="", change=("", ""), without="", **changes):
    """Change the sound plugin in one place."""
    plugin = SOUND.plugin.replace(*change) if change[0] else SOUND.plugin
    plugin = plugin.replace("import attrs\n", f"import attrs\n{dedent(top)}", 1) + dedent(end)
    metadata = "".join(line for line in METADATA.splitlines(keepends=True) if not without or without not in line)
    assert (plugin, metadata) != (PLUGIN, METADATA) or changes, caught_by
    return evolve(SOUND, **{"caught_by": frozenset(caught_by), "plugin": plugin, "metadata": metadata, **changes})


BROKEN = {
    "polars_at_load": twin("test_loading_it_imports_nothing_heavy", top="import polars\n"),
    "polars_by_hygge_at_load": twin(
        "test_loading_it_imports_nothing_heavy", top="from hygge_core.staging.store import FileStore\n"
    ),
    "half_the_standard_library": twin(
        "test_loading_it_adds_few_modules",
        top="import asyncio, http.server, multiprocessing.pool, unittest.mock, xml.dom.minidom, xmlrpc.client\n",
    ),
    "prints_at_load": twin("test_loading_it_says_nothing", top="print('The attic is open')\n"),
    "complains_at_load": twin("test_loading_it_says_nothing", top="import sys\nsys.stderr.write('no lamp')\n"),
    "warns_at_load": twin(
        "test_loading_it_warns_of_nothing", top="import warnings\nwarnings.warn('old', DeprecationWarning)\n"
    ),
    "asks_a_server_for_settings": twin(
        "test_loading_it_reaches_for_no_server",
        top="""
            import socket

            def _reachable(instance, attribute, value):
                try:
                    socket.create_connection(("127.0.0.1", 9), timeout=1).close()
                except OSError:
                    pass
        """,
        change=("    box: str\n", "    box: str = field(validator=_reachable)\n"),
    ),
    "asks_a_server_at_load": twin(
        "test_loading_it_reaches_for_no_server",
        top="""
            import socket

            try:
                socket.gethostbyname("localhost")
            except OSError:
                pass
        """,
    ),
    "ends_the_process": twin(*LOADING, top="import os, sys\nif 'pytest' not in sys.modules: os._exit(3)\n"),
    "no_upper_bound": twin(
        "test_hygge_core_is_bounded_from_below_and_above", metadata=METADATA.replace("<0.2,>=0.1", ">=0.1")
    ),
    "no_lower_bound": twin(
        "test_hygge_core_is_bounded_from_below_and_above", metadata=METADATA.replace("<0.2,>=0.1", "<0.2")
    ),
    "bound_only_for_an_extra": twin(
        "test_hygge_core_is_bounded_from_below_and_above",
        metadata=METADATA.replace("<0.2,>=0.1", "<0.2,>=0.1; extra == 'all'"),
    ),
    "no_requirement": twin(
        "test_hygge_core_is_bounded_from_below_and_above", "test_every_import_is_declared", without="Dist"
    ),
    "any_python": twin("test_it_says_which_python_it_needs", without="Requires-Python"),
    "undeclared": twin(
        "test_every_import_is_declared", change=("    import polars\n", "    import polars\n    import duckdb\n")
    ),
    "undeclared_extra_of_core": twin(
        "test_every_import_is_declared", change=("    import polars\n", "    import polars\n    import pyarrow\n")
    ),
    "untyped": twin("test_its_types_can_be_used", typed=False),
    "no_licence": twin("test_it_has_a_licence", without="License"),
    "no_readme": twin("test_it_describes_itself", without="Where boxes settle"),
    "no_description": twin("test_it_describes_itself", without="Summary"),
    "no_summary": twin(
        "test_all_that_it_brings_has_a_summary", change=('summary="Boxes under the roof"', 'summary=" "')
    ),
    "another_group": twin("test_it_is_registered_under_hygge", group="hygge_plugins", settings={}),
    "another_api": twin("test_it_is_registered_under_hygge", group="hygge.v2", settings={}),
    "misspelt_hook": twin(
        "test_hygge_plugins_finds_nothing_wrong", change=("def hygge_stores", "def hygge_storess"), settings={}
    ),
    "built_in_command": twin("test_hygge_plugins_finds_nothing_wrong", change=('name="dust"', 'name="go"')),
    "settings_change": twin(
        "test_settings_are_frozen_and_keyword_only",
        change=("@frozen(kw_only=True)\nclass AtticConfig", "@define(kw_only=True)\nclass AtticConfig"),
    ),
    "inner_settings_change": twin(
        "test_settings_are_frozen_and_keyword_only",
        change=("@frozen(kw_only=True)\nclass Lid", "@define(kw_only=True)\nclass Lid"),
    ),
    "settings_by_position": twin(
        "test_settings_are_frozen_and_keyword_only",
        change=("@frozen(kw_only=True)\nclass AtticConfig", "@frozen\nclass AtticConfig"),
    ),
    "settings_without_type": twin("test_editors_know_every_key", change=("    box: str\n", "    box: Any\n")),
    "types_cannot_be_read": twin(
        "test_editors_know_every_key",
        "test_example_settings_are_read",
        top="""
            from typing import TYPE_CHECKING

            if TYPE_CHECKING:
                from datetime import date
        """,
        change=('    colour: str = "red"\n', '    colour: str = "red"\n    since: date | None = None\n'),
    ),
    "keys_alike": twin(
        "test_a_misspelt_key_is_refused", change=("    lid: Lid", "    lidx: Lid | None = None\n    lid: Lid")
    ),
    "no_example": twin("test_every_kind_has_example_settings", settings={}),
    "example_of_something_else": twin(
        "test_every_kind_has_example_settings", settings={**SETTINGS, "store cellar": {"box": "left"}}
    ),
    "wrong_example": twin(
        "test_example_settings_are_read", settings={"store attic": {**SETTINGS["store attic"], "lid": "blue"}}
    ),
    "plain_secret": twin("test_what_sounds_secret_is_one", change=("    key: Secret\n", "    key: str\n")),
    "plain_inner_secret": twin(
        "test_what_sounds_secret_is_one",
        change=('    colour: str = "red"\n', '    colour: str = "red"\n    access_token: str | None = None\n'),
    ),
    "secret_shows": twin(
        "test_secrets_are_not_in_the_text_of_settings",
        change=(
            "    lid: Lid | None = None\n",
            "    lid: Lid | None = None\n\n    def __str__(self):\n        return self.key.reveal()\n",
        ),
    ),
    "command_cannot_be_imported": twin(
        "test_every_command_explains_itself",
        change=("    import click\n", "    import nowhere\n    import click\n"),
        metadata=METADATA.replace("\n\nWhere", "\nRequires-Dist: nowhere\n\nWhere"),
    ),
    "command_is_none": twin(
        "test_every_command_explains_itself", change=('click.Command("dust", help="Dust the attic")', "print")
    ),
    "inner_command_fails": twin(
        "test_every_command_explains_itself",
        change=(
            'click.Command("dust", help="Dust the attic")',
            'click.Group("dust", commands=[type("Odd", (click.Command,), {"get_help": None})("off")])',
        ),
    ),
    "private_name": twin(
        "test_it_imports_only_public_names",
        change=("    import polars\n", "    import polars\n    from hygge_core.engine.go import go\n"),
    ),
    "overdue": twin(
        "test_no_deprecation_is_overdue",
        end="""
            from hygge_core.deprecation import Deprecation

            GONE = Deprecation(what="cellar", since="0.8", until="1.0", instead="use attic", of="acme-overdue")
            STAYS = Deprecation(what="barn", since="0.8", until="1.1", instead="use attic", of="acme-overdue")
        """,
    ),
    "nameless": twin(*cases_of(PluginContract).keys() - {"test_no_case_was_overridden"}, body="distribution = ''"),
    "case_replaced": twin(
        "test_no_case_was_overridden", body="def test_it_has_a_licence(self): pass", without="\0", plugin=PLUGIN + "\n"
    ),
}


def build(folder):
    """Write the plugins and the file of tests; return that file."""
    classes = []
    for name, each in {"sound": SOUND, **BROKEN}.items():
        _install(folder, name, each)
        body = f"distribution = 'acme-{name}'\nsettings = {each.settings!r}\n{each.body}\n"
        if name not in {"sound", "wrong_example"} and not each.caught_by & LOADING:
            body += UNWATCHED
        classes.append(f"class Test_{name}(PluginContract):\n{indent(body, '    ')}\n")
    file = folder / "test_twins.py"
    file.write_text(
        "import pytest\nfrom hygge_core.testing import PluginContract\n\n" + "\n".join(classes), encoding="utf-8"
    )
    return file


def _install(folder, name, each):
    package, info = folder / f"acme_{name}", folder / f"acme_{name}-1.0.dist-info"
    files = {
        package / "__init__.py": "",
        package / "plugin.py": each.plugin,
        info / "METADATA": each.metadata.format(distribution=f"acme-{name}"),
        info / "entry_points.txt": f"[{each.group}]\nattic = acme_{name}.plugin\n",
    } | ({package / "py.typed": ""} if each.typed else {})
    for file, text in files.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
