from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from hygge_core import PluginError, hookimpl
from hygge_core.plugins import Plugins


def only_acme(plugins):
    return [status for status in plugins.statuses if "acme" in status.source.distribution.lower()]


def test_installed_plugins_are_found_without_being_told(installed):
    installed("sound")
    (status,) = only_acme(Plugins.load(environ={}))
    assert (status.state, str(status.source)) == ("loaded", "acme-attic 1.0 (attic)")


def test_a_second_copy_further_down_the_path_is_said_and_not_used(load):
    plugins = load("sound", "newer_copy")
    assert "attic" in plugins.stores
    in_use, copy = sorted(plugins.statuses, key=lambda status: status.state, reverse=True)
    assert (in_use.state, in_use.source.version) == ("loaded", "1.0")
    assert (copy.state, str(copy.source), copy.faulty) == ("duplicate", "Acme.Attic 2.0 (attic)", False)
    assert copy.problem.startswith("installed twice: 1.0 in ")
    assert "/sound is in use, this one in " in copy.problem.replace("\\", "/")
    assert copy.fix == "pip uninstall Acme.Attic, then install it once"


def test_the_copy_in_use_is_the_one_that_python_imports(load):
    plugins = load("newer_copy", "sound")
    states = {status.source.version: status.state for status in plugins.statuses}
    assert states == {"2.0": "broken", "1.0": "duplicate"}  # version 2.0 raises when imported


def test_a_folder_that_is_on_the_path_twice_counts_once(installed):
    paths = installed("sound")
    sys.path.append(paths[0])
    assert len(only_acme(Plugins.load(environ={}))) == 1


def test_two_distributions_with_one_module_load_it_once(load):
    plugins = load("sound", "same_target")
    states = {status.source.distribution: (status.state, status.problem) for status in plugins.statuses}
    assert states["acme-attic"] == ("loaded", "")
    assert states["acme-renamed"] == ("duplicate", "acme_attic is in use already, as acme-attic 1.0 (attic)")


def test_two_distributions_with_one_entry_point_name_both_load_and_both_are_named(load):
    plugins = load("sound", "same_entry_name")
    assert [str(status.source) for status in plugins.statuses] == [
        "acme-attic 1.0 (attic)",
        "acme-namesake 1.0 (attic)",
    ]
    assert [status.state for status in plugins.statuses] == ["loaded", "loaded"]
    assert plugins.warnings == ()


def test_disabling_an_entry_point_name_that_two_distributions_use_is_said(load):
    plugins = load("sound", "same_entry_name", environ={"HYGGE_DISABLE_PLUGINS": "attic"})
    assert [status.state for status in plugins.statuses] == ["disabled", "disabled"]
    (warning,) = plugins.warnings
    assert warning == (
        "HYGGE_DISABLE_PLUGINS names 'attic', which disables acme-attic 1.0 (attic) and acme-namesake 1.0 (attic); "
        "name the distribution to disable one of them"
    )
    plugins = load("sound", "same_entry_name", disabled=["acme-namesake"])
    assert [status.state for status in plugins.statuses] == ["loaded", "disabled"]
    assert plugins.warnings == ()


def test_a_plugin_that_speaks_two_apis_is_used_through_ours(load):
    plugins = load("both_apis")
    assert [status.state for status in plugins.statuses] == ["loaded"]
    assert {*plugins.stores} == {"both"}


@pytest.mark.parametrize(
    ("folder", "fix"),
    [
        ("other_api", "pip install --upgrade hygge-core"),
        ("earlier_api", "pip install --upgrade acme-earlier-api"),
        ("spelled_out_api", "its author has to register it in 'hygge'"),
    ],
)
def test_who_is_behind_has_to_catch_up(load, folder, fix):
    (status,) = load(folder).statuses
    assert status.fix == fix


def test_an_unreadable_list_of_entry_points_is_a_broken_plugin(installed):
    installed("bad_entry_points", "sound")
    broken, sound = only_acme(Plugins.load(environ={}))[::-1]
    assert (broken.state, str(broken.source)) == ("broken", "acme-garbled 1.0 (entry_points.txt)")
    assert broken.fix == "repair the plugin's entry_points.txt, or reinstall it"
    assert sound.state == "loaded"


@pytest.mark.parametrize("text", [b"[other]\nno equals sign\n", b"[hygge]\nx = \xff\xfe\n"])
def test_unreadable_metadata_of_strangers_is_passed_over(tmp_path, monkeypatch, text):
    info = tmp_path / "stranger-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_bytes(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not [status for status in Plugins.load(environ={}).statuses if status.source.distribution == "stranger"]


@pytest.mark.parametrize("metadata", [None, b"", b"Name: \xff\xfe\n"])
def test_a_plugin_without_readable_metadata_still_loads(tmp_path, monkeypatch, installed, metadata):
    info = tmp_path / "nameless-1.0.dist-info"
    info.mkdir()
    if metadata is not None:
        (info / "METADATA").write_bytes(metadata)
    (info / "entry_points.txt").write_text("[hygge]\nattic = acme_attic\n", encoding="utf-8")
    installed("sound")
    monkeypatch.syspath_prepend(str(tmp_path))
    states = {str(status.source): status.state for status in Plugins.load(environ={}).statuses}
    assert states["? ? (attic)"] == "loaded"
    assert states["acme-attic 1.0 (attic)"] == "duplicate"


def test_an_entry_point_made_by_hand_needs_no_distribution(installed):
    installed("sound")
    plugins = Plugins.load(environ={}, entry_points=[EntryPoint("mine", "acme_attic", "hygge")])
    assert str(plugins.provider("store", "attic")) == "entry point mine"


def test_entry_points_of_other_groups_are_none_of_our_business():
    plugins = Plugins.load(
        environ={}, entry_points=[EntryPoint("x", "x", "pytest11"), EntryPoint("x", "x", "hyggelig")]
    )
    assert plugins.statuses == ()


def test_the_order_of_installation_does_not_matter(load):
    folders = ["sound", "second", "clash_one", "clash_two", "import_error", "core_too_old"]
    expected = [str(status.source) for status in load(*folders).statuses]
    assert expected == sorted(expected)
    for _ in range(len(folders)):
        folders.append(folders.pop(0))
        assert [str(status.source) for status in load(*folders).statuses] == expected


@pytest.mark.parametrize("name", ["acme-attic", "Acme_Attic", "attic"])
def test_a_disabled_plugin_is_never_imported(load, name):
    plugins = load("sound", "second", disabled=[name])
    assert "acme_attic" not in sys.modules
    assert {*plugins.stores} == {"barn"}
    disabled = plugins.statuses[0]
    assert (disabled.state, disabled.faulty) == ("disabled", False)
    assert disabled.problem == "disabled by [options] disable_plugins"


def test_the_spelling_in_the_metadata_does_not_matter_either(load):
    (status,) = load("newer_copy", disabled=["acme-attic"]).statuses
    assert (status.state, status.source.distribution) == ("disabled", "Acme.Attic")


def test_the_environment_disables_several_plugins_spaces_and_all(load):
    plugins = load("sound", "second", environ={"HYGGE_DISABLE_PLUGINS": " ACME.attic , barn,, "})
    assert [status.state for status in plugins.statuses] == ["disabled", "disabled"]
    assert plugins.statuses[0].problem == "disabled by HYGGE_DISABLE_PLUGINS"
    assert "acme_attic" not in sys.modules
    assert "acme_barn" not in sys.modules


@pytest.mark.parametrize(
    "folder", ["core_too_old", "core_too_new", "other_api", "earlier_api", "spelled_out_api", "bad_requirement"]
)
def test_an_incompatible_plugin_is_never_imported(load, folder):
    load(folder)
    assert not [name for name in sys.modules if name.startswith("acme_")]


def test_a_slip_in_a_disabled_name_is_said(load):
    plugins = load("sound", disabled=["acme-atic"], environ={"HYGGE_DISABLE_PLUGINS": "zzz"})
    assert plugins.warnings == (
        "HYGGE_DISABLE_PLUGINS names 'zzz', and no such plugin is installed",
        "[options] disable_plugins names 'acme-atic', and no such plugin is installed; did you mean 'acme-attic'?",
    )
    assert "attic" in plugins.stores


@pytest.mark.parametrize("folders", [("import_error",), ("core_too_old",), ("clash_one", "clash_two")])
def test_strictness_makes_a_faulty_plugin_fatal_and_names_it(load, folders):
    with pytest.raises(PluginError, match=r"^faulty plugins, and HYGGE_STRICT_PLUGINS is set: acme-\w+"):
        load(*folders, "sound", environ={"HYGGE_STRICT_PLUGINS": "1"})


@pytest.mark.parametrize("value", ["", "0", "no", "False"])
def test_strictness_can_be_off(load, value):
    assert load("import_error", environ={"HYGGE_STRICT_PLUGINS": value}).statuses


def test_strictness_lets_sound_disabled_and_duplicate_plugins_pass(load):
    plugins = load(
        "sound", "newer_copy", "import_error", disabled=["acme-import"], environ={"HYGGE_STRICT_PLUGINS": "yes"}
    )
    assert {status.state for status in plugins.statuses} == {"loaded", "duplicate", "disabled"}


def test_a_module_may_be_lazy_and_hand_out_the_methods_of_an_object(installed):
    class Barn:
        @hookimpl
        def hygge_after_abort(self):
            return None

        @classmethod
        @hookimpl
        def hygge_after_commit(cls):
            return None

    def asked_for(name):
        raise AssertionError(name)

    module = ModuleType("acme_lazy")
    module.hygge_after_abort = Barn().hygge_after_abort
    module.hygge_after_commit = Barn.hygge_after_commit
    module.__dir__ = lambda: ["hygge_after_abort", "hygge_after_commit", "hygge_waits_until_asked_for"]
    module.__getattr__ = asked_for
    installed()
    sys.modules["acme_lazy"] = module
    tracing = {"HYGGE_TRACE_PLUGINS": "1"}
    (status,) = Plugins.load(environ=tracing, entry_points=[EntryPoint("x", "acme_lazy", "hygge")]).statuses
    assert [it.name for it in status.brings] == ["hygge_after_commit", "hygge_after_abort"]
