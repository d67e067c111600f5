"""Properties that hold for any mixture of plugins and for anything they raise."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from types import ModuleType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import hookimpl
from hygge_core.plugins import Plugins


FAKES = Path(__file__).parents[2] / "plugins"
FOLDERS = sorted(path.name for path in FAKES.iterdir() if path.is_dir() and path.name != "bad_entry_points")
SUBSETS = st.lists(st.sampled_from([name for name in FOLDERS if name != "newer_copy"]), unique=True, max_size=8)
SHARED_NAMES = {"sound", "same_target"}  # the second is a duplicate of the first only where both are there
CLASHING = {"clash_one", "clash_two"}


def statuses_of(folders):
    found = [
        point for folder in folders for its in distributions(path=[str(FAKES / folder)]) for point in its.entry_points
    ]
    plugins = Plugins.load(environ={}, entry_points=found)
    return {status.source: status for status in plugins.statuses}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(folders=SUBSETS)
def test_a_plugin_fares_beside_others_as_it_fares_alone(installed, folders):
    installed(*FOLDERS)
    together = statuses_of(folders)
    for folder in folders:
        for source, alone in statuses_of([folder]).items():
            if not (set(folders) >= SHARED_NAMES and folder in SHARED_NAMES) and folder not in CLASHING:
                assert together[source] == alone


def raising(text):
    module = ModuleType("acme_raising")

    def hygge_stores():
        raise RuntimeError(text)

    module.hygge_stores = hookimpl(hygge_stores)
    return module


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text())
def test_whatever_a_plugin_says_takes_one_line(installed, text):
    installed()
    sys.modules["acme_raising"] = raising(text)
    (status,) = Plugins.load(environ={}, entry_points=[EntryPoint("x", "acme_raising", "hygge")]).statuses
    assert status.problem.startswith("hygge_stores failed: RuntimeError")
    assert len(status.problem.splitlines()) == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(separators=st.lists(st.sampled_from("-_."), min_size=1, max_size=3), upper=st.booleans())
def test_any_spelling_of_a_name_that_pip_takes_for_the_same_disables_a_plugin(installed, separators, upper):
    (path,) = installed("sound")
    name = f"acme{''.join(separators)}attic"
    points = [point for found in distributions(path=[path]) for point in found.entry_points]
    (status,) = Plugins.load(disabled=[name.upper() if upper else name], environ={}, entry_points=points).statuses
    assert status.state == "disabled"
