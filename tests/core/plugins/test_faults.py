"""Every way in which a plugin can be wrong, each a folder under tests/plugins."""

from __future__ import annotations

import re

import pytest

from hygge_core import __version__
from hygge_core.plugins import Plugins


FAULTS = {
    "import_error": (
        "broken",
        "acme-import 1.0 (plugin)",
        "it cannot be imported: ModuleNotFoundError: No module named 'nonexistent_lib'",
    ),
    "import_exit": ("broken", "acme-exit 1.0 (plugin)", "it cannot be imported: SystemExit: no licence key"),
    "import_base": ("broken", "acme-base 1.0 (plugin)", "it cannot be imported: Odd: its text cannot be shown"),
    "import_attribute": (
        "broken",
        "acme-attribute 1.0 (plugin)",
        "it cannot be imported: AttributeError: module 'acme_attribute' has no attribute 'nothing'",
    ),
    "bad_target": (
        "broken",
        "acme-target 1.0 (plugin)",
        "its entry point names 'not a module!', which is not written as module or module:object",
    ),
    "class_target": ("broken", "acme-class 1.0 (plugin)", "its entry point names the class Plugin"),
    "unknown_hook": ("broken", "acme-unknown-hook 1.0 (plugin)", "implements unknown hook 'hygge_storess'"),
    "unknown_far": ("broken", "acme-unknown-far 1.0 (plugin)", "implements unknown hook 'hygge_zzz'"),
    "undecorated": (
        "broken",
        "acme-undecorated 1.0 (plugin)",
        "hygge_stores is not marked, so it would never be called",
    ),
    "undecorated_unknown": (
        "broken",
        "acme-undecorated-unknown 1.0 (plugin)",
        "hygge_hoems is named like a hook, but no such hook exists",
    ),
    "not_a_function": (
        "broken",
        "acme-not-a-function 1.0 (plugin)",
        "hygge_stores is an object of type list",
    ),
    "marked_object": (
        "broken",
        "acme-marked-object 1.0 (plugin)",
        "hygge_stores is marked with hookimpl, but is an object of type Callable",
    ),
    "no_hooks": ("broken", "acme-no-hooks 1.0 (plugin)", "it implements no hook of hygge"),
    "async_hook": ("broken", "acme-async-hook 1.0 (plugin)", "hygge_stores is async, and hooks are not"),
    "async_generator": ("broken", "acme-async-generator 1.0 (plugin)", "hygge_stores is async, and hooks are not"),
    "hidden_coroutine": (
        "broken",
        "acme-hidden-coroutine 1.0 (plugin)",
        "hygge_stores returned a coroutine, and hooks are not async",
    ),
    "generator_gate": (
        "broken",
        "acme-generator-gate 1.0 (plugin)",
        "hygge_before_commit is a generator, so its body would never run",
    ),
    "wrapper": ("broken", "acme-wrapper 1.0 (plugin)", "hygge_stores asks for wrapper=True"),
    "overtaker": ("broken", "acme-overtaker 1.0 (plugin)", "hygge_stores asks for tryfirst=True"),
    "keyword_only": (
        "broken",
        "acme-keyword-only 1.0 (plugin)",
        "hygge_before_commit declares 'staged' as keyword-only, which is never filled in",
    ),
    "positional_only": (
        "broken",
        "acme-positional-only 1.0 (plugin)",
        "hygge_before_commit declares 'run' as positional-only, which is never filled in",
    ),
    "defaulted": (
        "broken",
        "acme-defaulted 1.0 (plugin)",
        "hygge_before_commit declares 'staged' with a default, which is never filled in",
    ),
    "catch_all": (
        "broken",
        "acme-catch-all 1.0 (plugin)",
        "hygge_stores declares '**kwargs', which is never filled in",
    ),
    "unknown_argument": (
        "broken",
        "acme-unknown-argument 1.0 (plugin)",
        "hygge_after_commit asks for 'reciept', which the hook does not have",
    ),
    "late_error": (
        "broken",
        "acme-late-error 1.0 (plugin)",
        "hygge_stores failed: RuntimeError: boom after the first item and more",
    ),
    "half_sound": ("broken", "acme-half-sound 1.0 (plugin)", "hygge_commands failed: SystemExit: 3"),
    "returns_none": ("broken", "acme-returns-none 1.0 (plugin)", "hygge_stores returned None, not StoreType objects"),
    "returns_text": (
        "broken",
        "acme-returns-text 1.0 (plugin)",
        "hygge_stores returned an object of type str, not StoreType objects",
    ),
    "returns_one": (
        "broken",
        "acme-returns-one 1.0 (plugin)",
        "hygge_stores returned an object of type StoreType, not StoreType objects",
    ),
    "returns_dict": (
        "broken",
        "acme-returns-dict 1.0 (plugin)",
        "hygge_stores yielded an object of type str, not StoreType objects",
    ),
    "wrong_kind": (
        "broken",
        "acme-wrong-kind 1.0 (plugin)",
        "hygge_homes yielded an object of type StoreType, not HomeType objects",
    ),
    "endless": (
        "broken",
        "acme-endless 1.0 (plugin)",
        "hygge_stores yielded more than 1000 objects; does it ever end?",
    ),
    "bad_name": (
        "broken",
        "acme-bad-name 1.0 (plugin)",
        (
            "hygge_stores failed: ValueError: name must be lower case words joined by '_', "
            "like 'open_mirroring', not 'Bad Name'"
        ),
    ),
    "bad_open": (
        "broken",
        "acme-bad-open 1.0 (plugin)",
        "hygge_stores failed: TypeError: open must be a function, not None",
    ),
    "core_too_old": (
        "incompatible",
        "acme-core-too-old 1.0 (plugin)",
        f"it needs hygge-core<100,>=99, and this is hygge-core {__version__}",
    ),
    "core_too_new": (
        "incompatible",
        "acme-core-too-new 1.0 (plugin)",
        f"it needs hygge-core<0.1, and this is hygge-core {__version__}",
    ),
    "bad_requirement": (
        "incompatible",
        "acme-bad-requirement 1.0 (plugin)",
        "its requirement 'hygge-core>=zero' cannot be read",
    ),
    "other_api": (
        "incompatible",
        "acme-other-api 1.0 (plugin)",
        f"it was built for plugin API 2 ('hygge.v2'), and hygge-core {__version__} speaks API 1",
    ),
    "earlier_api": (
        "incompatible",
        "acme-earlier-api 1.0 (plugin)",
        f"it was built for plugin API 0 ('hygge.v0'), and hygge-core {__version__} speaks API 1",
    ),
    "spelled_out_api": (
        "incompatible",
        "acme-spelled-out-api 1.0 (plugin)",
        f"it is registered for 'hygge.v1', and hygge-core {__version__} looks for plugins in 'hygge'",
    ),
}


@pytest.mark.parametrize("folder", FAULTS)
def test_a_fault_is_attributed_and_the_plugin_beside_it_keeps_working(load, folder):
    state, source, problem = FAULTS[folder]
    plugins = load(folder, "sound")
    faulty, sound = sorted(plugins.statuses, key=lambda status: status.source.distribution == "acme-attic")
    assert (faulty.state, str(faulty.source), faulty.problem) == (state, source, problem)
    assert faulty.fix
    assert faulty.faulty
    assert faulty.brings == ()
    assert "\n" not in faulty.problem + faulty.fix
    assert (sound.state, sound.faulty) == ("loaded", False)
    assert set(plugins.stores) == {"attic", "shed"}
    assert plugins.store("attic").summary == "Boxes under the roof"


@pytest.mark.parametrize(
    ("folder", "fix"),
    [
        ("unknown_hook", "did you mean 'hygge_stores'?"),
        ("undecorated_unknown", "did you mean 'hygge_homes'?"),
        ("unknown_far", "hooks are hygge_homes, hygge_stores, hygge_connections, hygge_before_commit, "),
        ("undecorated", "put `@hookimpl` above it"),
        (
            "keyword_only",
            "write `def hygge_before_commit(run, staged, rows, last)`; what is not needed may be left out",
        ),
        ("core_too_old", "pip install --upgrade acme-core-too-old hygge-core"),
        ("other_api", "pip install --upgrade hygge-core"),
    ],
)
def test_a_fault_comes_with_what_to_do(load, folder, fix):
    (status,) = load(folder).statuses
    assert status.fix.startswith(fix)


def test_all_mistakes_of_one_module_are_told_at_once(load):
    (status,) = load("several_faults").statuses
    assert [fault.what for fault in status.faults] == [
        "hygge_commands is async, and hooks are not",
        "hygge_homes is not marked, so it would never be called",
        "implements unknown hook 'hygge_storess'",
    ]
    assert all(fault.fix for fault in status.faults)


def test_what_a_half_sound_plugin_brought_before_it_failed_does_not_count(load, run, staged):
    plugins = load("half_sound")
    assert plugins.stores == {}
    plugins.before_commit(run, staged(100))  # its gate, which always fails, is not asked


def test_a_hook_of_a_later_hygge_may_be_marked_as_optional(load):
    (status,) = load("optional_hook").statuses
    assert (status.state, status.brings, status.faults) == ("loaded", (), ())


def test_a_syntax_error_is_told_with_its_line(tmp_path, installed, monkeypatch):
    info = tmp_path / "acme_syntax-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-syntax\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[hygge]\nx = acme_syntax\n", encoding="utf-8")
    (tmp_path / "acme_syntax.py").write_text("def broken(:\n", encoding="utf-8")
    installed()
    monkeypatch.syspath_prepend(str(tmp_path))
    (status,) = [status for status in Plugins.load(environ={}).statuses if "acme" in status.source.distribution]
    assert re.search(r"cannot be imported: SyntaxError: .*acme_syntax.py, line 1", status.problem)


def test_ctrl_c_while_a_plugin_is_imported_stops_everything(tmp_path, installed, monkeypatch):
    info = tmp_path / "acme_slow-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-slow\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[hygge]\nx = acme_slow\n", encoding="utf-8")
    (tmp_path / "acme_slow.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")
    installed()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        Plugins.load(environ={})
