from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hygge_core.config.names import LONGEST, fault_in_name


@given(st.text(max_size=250))
def test_a_name_that_passes_stays_in_its_folder_everywhere(name):
    if fault_in_name(name):
        return
    assert name
    assert not set(name) & set("/\\:\0\n\r\t")
    assert name.strip(". ") == name
    assert len(name.encode()) <= LONGEST
    assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


@given(
    st.text(st.characters(categories=["L", "N", "So"]), min_size=1, max_size=30).map(lambda text: f"x{text} 'y'.\"z\"")
)
def test_names_in_any_script_are_fine(name):
    assert fault_in_name(name) == ""


def test_reserved_words_inside_of_names_are_fine():
    for name in ["console", "nullable", "com10", "my.con", "aux2", "_hygge2", "C", "..a"[2:], "a..b"]:
        assert fault_in_name(name) == "", name
    for name in [
        "con",
        "Con.csv",
        "COM9",
        "lpt0",
        "com\u00b9",
        "CONIN$",
        "_HYGGE",
        ".",
        "..",
        "...",
        "a ",
        "\u2028x",
        "\x7f",
    ]:
        assert fault_in_name(name), name
