"""What will go still works, and says so once where it is used."""

from __future__ import annotations

import json
import warnings
from importlib import import_module

import pytest
from attrs import evolve

from hygge_core import ConfigError
from hygge_core.config import json_schema, load_project
from hygge_core.deprecation import Deprecation, HyggeDeprecationWarning
from hygge_core.hookspecs import CommitSpecs
from hygge_core.plugins import Plugins


ROOF = Deprecation(what="the roof", since="0.2", until="0.4", instead="use the attic")
FLOW = 'home = { type = "cellar" }\nstore = { type = "hayloft", %s }\n'
PACK = "is deprecated since acme-departing 2.0 and goes with 3.0: write compression"


@pytest.fixture
def read(load, tmp_path):
    """Load a project with one store of the departing plugin; return its settings and the warnings."""

    def read_settings(keys):
        (tmp_path / "hygge.toml").write_text("", encoding="utf-8")
        (tmp_path / "flows").mkdir(exist_ok=True)
        (tmp_path / "flows" / "hay.toml").write_text(FLOW % keys, encoding="utf-8")
        plugins = load("sound", "departing")
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            project = load_project(tmp_path / "hygge.toml", plugins=plugins, environ={})
        return project.flows[0].entities[0].store.value, heard

    return read_settings


def test_a_deprecation_says_when_and_what_to_do():
    assert str(ROOF) == "the roof is deprecated since hygge-core 0.2 and goes with 0.4: use the attic"
    with pytest.warns(HyggeDeprecationWarning, match="^the roof is deprecated since hygge-core 0"):
        warnings.warn(ROOF.warning, stacklevel=1)


@pytest.mark.parametrize("key", ["since", "until"])
def test_a_version_that_is_none_is_refused(key):
    with pytest.raises(ValueError, match=f"^{key} must be a version like '0.4', not 'soon'$"):
        evolve(ROOF, **{key: "soon"})


def test_a_former_key_is_read_and_told_at_its_line(read):
    settings, heard = read('pack = "tight"')
    assert settings.compression == "tight"
    (warning,) = heard
    assert str(warning.message) == f"store.pack {PACK}"
    assert (warning.filename, warning.lineno) == ("flows/hay.toml", 2)


def test_a_key_that_had_two_names_is_read_under_either(read):
    settings, heard = read('squeeze = "tight"')
    assert settings.compression == "tight"
    assert str(heard[0].message).startswith("store.squeeze is deprecated since acme-departing 1.5")


def test_the_present_key_is_read_in_silence(read):
    settings, heard = read('compression = "tight"')
    assert (settings.compression, heard) == ("tight", [])


def test_a_key_that_will_go_is_told_when_it_is_used(read):
    settings, heard = read('compression = "tight", lamp = true')
    assert settings.lamp
    assert [str(each.message).split(":")[0] for each in heard] == [
        "store.lamp is deprecated since acme-departing 2.0 and goes with 3.0"
    ]


def test_a_key_under_both_names_is_refused(read):
    with pytest.raises(ConfigError) as caught:
        read('pack = "tight", compression = "loose"')
    assert str(caught.value) == (
        "flows/hay.toml:2: store.pack: stands for 'compression', which is there as well; take 'pack' out"
    )


def test_what_is_wrong_with_a_former_key_is_told_of_the_key_as_written(read):
    with pytest.raises(ConfigError, match=r"hay\.toml:2: store\.pack: must be a string"):
        read("pack = 7")


def test_a_table_that_asks_for_a_new_key_is_not_satisfied_by_none(read):
    with pytest.raises(ConfigError, match=r"store\.compression: required key is missing"):
        read("lampp = true")


def test_editors_know_what_is_deprecated(load):
    described = json_schema(load("departing"))["$defs"]["store"]["oneOf"][0]
    pack, lamp = described["properties"]["pack"], described["properties"]["lamp"]
    assert pack == {"type": "string", "deprecated": True, "description": f"pack {PACK}"}
    assert lamp["deprecated"]
    assert lamp["description"].startswith("lamp is deprecated")
    assert described["properties"]["compression"] == {"type": "string", "description": "How tight."}
    assert described["required"] == ["type"]  # compression may stand there as pack


def test_a_name_that_leaves_still_answers_and_names_who_asks(installed):
    installed("departing")
    names = import_module("acme_departing_names")
    with pytest.warns(HyggeDeprecationWarning, match="^Old is deprecated since acme-departing 2.0") as heard:
        from acme_departing_names import Old
    assert Old is names.New
    assert heard[0].filename == __file__
    with pytest.raises(AttributeError, match=r"^module 'acme_departing_names' has no attribute 'Older'$"):
        _ = names.Older


def test_a_function_that_leaves_still_works_and_names_its_caller(installed):
    installed("departing")
    old = import_module("acme_departing_names").old
    with pytest.warns(HyggeDeprecationWarning, match=r"^old\(\) is deprecated since acme-departing 2.0") as heard:
        assert old(answer=7) == 7
    assert heard[0].filename == __file__
    assert (old.__name__, old.__doc__) == ("old", "Answer.")


def test_a_warning_can_name_somebody_further_up():
    def inner():
        ROOF.warn(above=1)

    def outer():
        inner()

    with pytest.warns(HyggeDeprecationWarning) as heard:
        outer()
    assert heard[0].lineno == outer.__code__.co_firstlineno + 3 + 1


def test_an_argument_of_a_hook_that_will_go_is_told_of_the_plugin_that_asks_for_it(load, monkeypatch):
    specification = CommitSpecs.hygge_before_commit.hygge_spec
    last = Deprecation(what="'last' of hygge_before_commit", since="0.2", until="0.4", instead="ask the journal")
    monkeypatch.setitem(specification, "warn_on_impl_args", {"last": last.warning})
    with pytest.warns(HyggeDeprecationWarning, match="^'last' of hygge_before_commit is deprecated") as heard:
        plugins = load("gate_looks")
    assert heard[0].filename.endswith("acme_gate_looks.py")
    assert [status.state for status in plugins.statuses] == ["loaded"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load("sound").statuses


def test_the_command_line_tells_each_once_after_all_else(hygge):
    done = hygge("-m", "hygge_core", "peek", folders=("departing",))
    assert (done.returncode, done.stdout) == (0, "New\n")
    first, second = done.stderr.splitlines()[:2]
    assert first.startswith("warning: ")
    assert first.endswith("Old is deprecated since acme-departing 2.0 and goes with 3.0: use New")
    assert "acme_departing.py:" in first
    assert "old() is deprecated" in second
    assert len(done.stderr.splitlines()) == 3  # old() is called on two lines


def test_whoever_asks_python_for_errors_gets_them(hygge):
    strict = hygge("-W", "error", "-m", "hygge_core", "peek", folders=("departing",))
    assert strict.returncode == 1
    assert "Old is deprecated" in strict.stderr


def test_other_warnings_are_shown_as_python_shows_them(hygge):
    code = (
        "import warnings; from hygge_core.cli.deprecations import telling_deprecations; "
        "from hygge_core.cli.session import Session\n"
        "with telling_deprecations(Session()): warnings.warn('the lamp', UserWarning)"
    )
    done = hygge("-c", code)
    assert "UserWarning: the lamp" in done.stderr


def test_a_project_with_a_former_key_is_told_of_it_by_file_and_line(hygge, tmp_path):
    (tmp_path / "hygge.toml").write_text(
        '[flows.hay]\nhome = { type = "cellar" }\n[flows.hay.store]\ntype = "hayloft"\npack = "x"\n', encoding="utf-8"
    )
    done = hygge("-m", "hygge_core", "plan", "--output", "json", folders=("sound", "departing"))
    assert f"hygge.toml:5: flows.hay.store.pack {PACK}" in done.stderr
    assert all(json.loads(line) for line in done.stdout.splitlines())


def test_plugins_load_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Plugins.load(environ={}).statuses
