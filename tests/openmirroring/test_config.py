"""What cannot be a landing zone is refused before anything is opened."""

from __future__ import annotations

import pytest

from hygge_store_openmirroring.config import OpenMirroringConfig
from hygge_store_openmirroring.file_names import sequential


ID = "11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "mirror is missing"),
        ({"mirror": ID}, "either the workspace's id, or a connection"),
        ({"mirror": ID, "workspace": ID, "connection": "fabric"}, "either the workspace's id, or a connection"),
        ({"mirror": "Sales", "workspace": ID}, "must be an id"),
        ({"landing_zone": "zone"}, "file:mirror/LandingZone"),
        ({"landing_zone": "file:zone", "mirror": ID}, "do not go together"),
        ({"landing_zone": "file:zone", "schema": "_private"}, "begins with neither"),
        ({"landing_zone": "file:zone", "schema": "a/b"}, "must be one name"),
        ({"landing_zone": "file:zone", "key_columns": ("Id", "ID")}, "names a column twice"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(keys, said):
    with pytest.raises(ValueError, match=said):
        OpenMirroringConfig(**keys)


@pytest.mark.parametrize("number", [0, -1, 10**20])
def test_a_number_that_no_file_can_have_is_refused(number):
    with pytest.raises(ValueError, match="cannot be the number of a file"):
        sequential(number)
