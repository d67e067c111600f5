from __future__ import annotations

import json
import traceback

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import ConfigError
from hygge_core.config import load_project
from hygge_core.config.mask import mask


# Long enough to be no word of a message, and with everything that escaping changes.
SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=4, max_size=30).map(
    lambda text: f"zq9{text}q7z"
)

EVERYWHERE = """
name = "${{S}}"
[options]
runs = "${{S}}"
[connections.rope]
type = "rope"
server = "${{S}}"
password = {literal}
[flows.f]
home = {{ type = "barn", path = "${{S}}/{{entity}}", key = {literal}, sheets = ["a${{S}}"], shelf = "${{S}}" }}
store = {{ type = "cloud", account = "${{S}}", key = "${{S}}" }}
polish = {{ select = ["${{S}}"] }}
"""

MISTAKES = """
[options]
concurrency = "${{S}}"
max_memory = "${{S}}"
continue_on_error = "x${{S}}"
disable_plugins = "${{S}}"
[connections]
one = {{ type = "${{S}}" }}
two = {{ type = "rope", server = "x", port = "${{S}}", password = [{literal}], pasword = {literal} }}
three = "${{S}}"
[flows.f]
run_type = "${{S}}"
on_drift = "${{S}}"
polish = "${{S}}"
entities = ["${{S}}/..", "..${{S}}", {{ name = "${{S}}/.." }}, {{ name = "x", on_empty = "${{S}}" }}]
[flows.f.home]
type = "barn"
path = "x"
word = "Z${{S}}"
season = "${{S}}"
mode = "${{S}}"
level = "${{S}}"
wait = "${{S}}"
since = "${{S}}"
window = ["${{S}}", "${{S}}"]
gate = "${{S}}"
either = "${{S}}"
key = {{ x = {literal} }}
keys = [1, {literal}]
[flows.f.store]
type = "cloud"
account = 1
key = {literal}
table = ["${{S}}"]
[flows.same]
home = {{ type = "barn", path = "${{S}}", word = "${{S}}" }}
store = {{ type = "cloud", account = "a", key = {literal}, key2 = {literal} }}
"""


def shown(text):
    """Every way in which a text is likely to be written."""
    return [text, repr(text)[1:-1], json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]]


def basic_string(text):
    return '"' + "".join(f"\\U{ord(sign):08X}" if not sign.isalnum() else sign for sign in text) + '"'


quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(SECRETS, SECRETS)
def test_no_representation_of_a_project_shows_a_secret(load, from_environment, written):
    project = load(EVERYWHERE.format(literal=basic_string(written)), S=from_environment)
    assert {from_environment, written} <= project.sensitive
    configs = [project, *project.flows, *project.entities, *project.connections, project.options]
    configs += [entity.home.value for entity in project.entities]
    configs += [entity.store.value for entity in project.entities]
    configs += [connection.value for connection in project.connections]
    for config in configs:
        for form in [*shown(from_environment), *shown(written)]:
            assert form not in repr(config)
            assert form not in str(config)


@quick
@given(SECRETS, SECRETS)
def test_no_problem_shows_a_secret(write, plugins, from_environment, written):
    file = write(MISTAKES.format(literal=basic_string(written)))
    variables = ["flow.f.home.rows=${S}", "flow.f.home.high=1${S}"]
    with pytest.raises(ConfigError) as caught:
        load_project(file, plugins=plugins, environ={"S": from_environment}, variables=variables)
    assert len(caught.value.problems) > 25
    for form in [*shown(from_environment), *shown(written)]:
        assert form not in str(caught.value)
        assert form not in repr(caught.value)
        assert all(form not in repr(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("keys", "value", "expected"),
    [
        ('rows = "${S}"', "0", "must be >= 1: ***"),
        ('rows = "${S}"', "5", None),
        ('rows = "${S}"', "001001", "must be <= 1000: ***"),
        ('word = "${S}"', "X", "must be lower case, not '***'"),
        ('word = "${S}"', 'A"\n', "must be lower case, not '***'"),
        ('word = "a", sheets = ["b", "${S}"], weights = { x = 1 }, path = "a"', "a", "word and path are both '***'"),
        ('path = "${S}", word = "${S}"', "be", "word and path are both '***'"),
    ],
)
def test_short_values_are_hidden_in_messages_of_plugins_too(mistakes, load, keys, value, expected):
    path = "" if "path" in keys else 'path = "x", '
    text = f'[flows.f]\nhome = {{ type = "barn", {path}{keys} }}\nstore = {{ type = "plain" }}\n'
    if expected is None:
        assert load(text, S=value)
        return
    [told] = mistakes(text, S=value)
    assert told.split(": ", 2)[2] == expected


def test_a_secret_is_hidden_in_what_its_own_validator_says(mistakes):
    [told] = mistakes('[flows.f]\nhome = { type = "pond" }\nstore = { type = "cloud", account = "a", key = "ab" }\n')
    assert told == "hygge.toml:3: flows.f.store.key: *** is too short"


def test_a_secret_that_begins_like_another_leaves_nothing_of_it():
    assert mask("'hunter22more' is bad", ["hunter22", "hunter22more", ""]) == "'***' is bad"


def test_a_secret_is_hidden_where_it_was_written_a_second_time_by_mistake(mistakes):
    told = mistakes(
        '[flows.f]\nhome = { type = "hunter22" }\nstore = { type = "cloud", account = "a", key = "hunter22" }\n'
    )
    assert told[0].startswith("hygge.toml:2: flows.f.home.type: no plugin brings a home '***'")


def test_settings_that_are_no_texts_do_not_show_in_a_project_either(load):
    keys = 'path = "x", scratch = "${S}/tmp", rows = "${ROWS}"'
    text = f'[flows.f]\nhome = {{ type = "barn", {keys} }}\nstore = {{ type = "plain" }}\n'
    project = load(text, S="hunter22", ROWS="987")
    for config in [project, *project.flows, *project.entities, project.entities[0].home]:
        assert "hunter22" not in repr(config)
        assert "rows=" not in repr(config)


def test_short_texts_are_not_sensitive_and_long_ones_are(load):
    text = '[flows.f]\nhome = { type = "barn", path = "${A}${B}", key = "abc" }\nstore = { type = "plain" }\n'
    assert load(text, A="abc", B="abcd").sensitive == {"abcd"}


def test_defaults_are_not_sensitive_since_they_stand_in_the_file(load):
    text = '[flows.f]\nhome = { type = "barn", path = "${A:-default}" }\nstore = { type = "plain" }\n'
    assert load(text).sensitive == frozenset()


def test_the_traceback_of_a_configuration_error_shows_no_secret(load):
    text = '[flows.f]\nhome = { type = "barn", path = "x", word = "${S}" }\nstore = { type = "plain" }\n'
    value = "Hunter2" + "hunter2"  # the traceback quotes the source
    with pytest.raises(ConfigError) as caught:
        load(text, S=value)
    assert "Hunter2hunter2" not in "".join(traceback.format_exception(caught.value))


def test_settings_are_compared_by_their_true_values(load):
    text = '[flows.f]\nhome = { type = "barn", path = "${S}" }\nstore = { type = "plain" }\n'
    one, other = load(text, S="first"), load(text, S="other")
    assert one.entities[0].home.value != other.entities[0].home.value
    assert attrs.evolve(one.entities[0].home.value, path="other") == other.entities[0].home.value
