from __future__ import annotations

import re

import pytest

from hygge_core import PluginError
from hygge_core.plugins import BUILT_IN_COMMANDS


def refusal(action, *arguments):
    with pytest.raises(PluginError) as caught:
        action(*arguments)
    return str(caught.value)


def test_everything_a_plugin_brings_is_found_by_name_with_its_provider(load):
    plugins = load("sound", "second")
    assert {*plugins.homes} == {"cellar"}
    assert {*plugins.stores} == {"attic", "barn", "shed"}
    assert {*plugins.connections} == {"ladder"}
    assert {*plugins.commands} == {"dust"}
    assert plugins.home("cellar") is plugins.homes["cellar"]
    assert plugins.connection("ladder").name == "ladder"
    assert plugins.command("dust").load().name == "dust"
    assert str(plugins.provider("store", "barn")) == "acme-barn 1.0 (barn)"
    assert str(plugins.provider("command", "dust")) == "acme-attic 1.0 (attic)"


def test_a_status_lists_what_the_plugin_brings(load):
    (status,) = load("sound").statuses
    assert [(it.kind, it.name, it.summary) for it in status.brings] == [
        ("home", "cellar", "Jars on a shelf"),
        ("store", "attic", "Boxes under the roof"),
        ("store", "shed", ""),
        ("connection", "ladder", ""),
        ("command", "dust", "Dust the attic"),
        ("hook", "hygge_before_commit", ""),
        ("hook", "hygge_after_commit", ""),
    ]
    assert status.target == "acme_attic"


def test_a_slip_in_a_name_gets_a_suggestion_and_the_names_that_are_there(load):
    plugins = load("sound")
    expected = "no plugin brings a store 'atic'; did you mean 'attic'? stores here: attic, shed"
    assert refusal(plugins.store, "atic") == expected


def test_a_name_that_nothing_resembles_gets_the_names_that_are_there(load):
    plugins = load("sound")
    expected = "no plugin brings a home 'lake'; homes here: cellar; `pip install` the package that brings it"
    assert refusal(plugins.home, "lake") == expected
    assert refusal(plugins.provider, "home", "lake") == expected


def test_without_plugins_there_is_nothing_of_a_kind(load):
    expected = (
        "no plugin brings a connection 'x'; there are no connections here; `pip install` the package that brings it"
    )
    assert refusal(load().connection, "x") == expected


def test_a_broken_plugin_is_named_as_the_likely_cause(load):
    text = refusal(load("import_error", "sound").store, "lake")
    assert text.startswith(
        "no plugin brings a store 'lake', but acme-import 1.0 (plugin) is broken (it cannot be imported: "
        "ModuleNotFoundError: No module named 'nonexistent_lib'); repair or reinstall it"
    )


def test_of_two_broken_plugins_the_one_that_sounds_like_the_name_is_blamed(load):
    text = refusal(load("import_error", "late_error", "core_too_old").store, "core_too")
    assert "acme-core-too-old 1.0 (plugin) is incompatible (it needs hygge-core<100,>=99" in text
    assert "acme-import" not in text
    assert "acme-late" not in text


def test_a_slip_is_a_slip_even_beside_a_broken_plugin(load):
    assert "did you mean 'attic'?" in refusal(load("import_error", "sound").store, "atic")


def test_a_disabled_plugin_is_named_when_it_sounds_like_the_name(load):
    plugins = load("sound", disabled=["acme-attic"])
    assert refusal(plugins.store, "attic") == (
        "no plugin brings a store 'attic', but acme-attic 1.0 (attic) is disabled "
        "(disabled by [options] disable_plugins); take 'acme-attic' out of [options] disable_plugins to use it"
    )
    assert "acme-attic" not in refusal(plugins.store, "lake")


@pytest.mark.parametrize("folders", [("clash_one", "clash_two"), ("clash_two", "clash_one")])
def test_when_two_plugins_bring_one_name_neither_wins(load, folders):
    plugins = load(*folders)
    assert {*plugins.stores} == {"basket"}
    text = refusal(plugins.store, "crate")
    assert text == (
        "store 'crate' is brought by acme-owner 1.0 (owner) and acme-squatter 1.0 (squatter), so none of them is used; "
        'write disable_plugins = ["acme-owner"] or disable_plugins = ["acme-squatter"] under [options] in hygge.toml'
    )
    assert refusal(plugins.provider, "store", "crate") == text
    for status in plugins.statuses:
        assert (status.state, status.faulty) == ("loaded", True)
        assert f"{status.problem}; {status.fix}" == text


def test_the_line_that_a_clash_suggests_settles_it(load):
    line = re.findall(r'disable_plugins = \["(.*?)"\]', refusal(load("clash_one", "clash_two").store, "crate"))
    assert line == ["acme-owner", "acme-squatter"]
    plugins = load("clash_one", "clash_two", disabled=[line[1]])
    assert plugins.provider("store", "crate").distribution == "acme-owner"


def test_a_plugin_that_brings_one_name_twice_clashes_with_itself(load):
    plugins = load("clash_within")
    assert plugins.stores == {}
    assert refusal(plugins.store, "twin") == (
        "store 'twin' is brought twice by acme-twice 1.0 (plugin); its author has to choose two names"
    )


def test_two_entry_points_of_one_distribution_clash_and_are_disabled_by_entry_point(load):
    assert 'write disable_plugins = ["elder"] or disable_plugins = ["younger"]' in refusal(
        load("clash_siblings").store, "toy"
    )
    assert load("clash_siblings", disabled=["elder"]).provider("store", "toy").entry_point == "younger"


def test_a_built_in_command_cannot_be_taken(load):
    plugins = load("built_in_command")
    assert {*plugins.commands} == {"stay"}
    assert refusal(plugins.command, "go") == (
        "command 'go' is built in, and acme-usurper 1.0 (plugin) cannot take its place; "
        "its author has to choose another name"
    )
    (status,) = plugins.statuses
    assert status.faulty


def test_every_command_of_the_command_line_is_reserved():
    from hygge_core.cli.group import BUILT_IN

    assert set(BUILT_IN) <= BUILT_IN_COMMANDS


def test_a_name_that_is_merely_reserved_is_unknown(load):
    assert refusal(load("sound").command, "go").startswith("no plugin brings a command 'go'")
