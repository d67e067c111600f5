"""The next number follows the highest that ever was, wherever the service has put the files."""

from __future__ import annotations

import pytest

from hygge_core.lakes.local import LocalLake
from hygge_core.testing.proxy import proxied
from hygge_store_openmirroring.landing_zone import PUT_ASIDE
from hygge_store_openmirroring.publishing.numbering import next_number, published


FOLDER = "dbo.schema/Order"


def name(number):
    return f"{number:020d}.parquet"


@pytest.fixture
def zone(tmp_path):
    return LocalLake(tmp_path)


def test_the_first_number_is_1(zone):
    assert next_number(zone, FOLDER, []) == 1


@pytest.mark.parametrize("place", ["", *PUT_ASIDE])
def test_files_count_wherever_they_are(zone, place):
    zone.put(f"{FOLDER}/{place}/{name(4)}".replace("//", "/"), b"x")
    zone.put(f"{FOLDER}/_{name(9)}", b"unfinished")
    zone.make_directory(f"{FOLDER}/{name(7)}")
    assert next_number(zone, FOLDER, []) == 5


@pytest.mark.parametrize("place", PUT_ASIDE)
def test_a_file_that_is_put_aside_while_folders_are_listed_is_not_missed(zone, place):
    zone.put(f"{FOLDER}/{name(1)}", b"x")
    listed = []

    def move(operation, do):
        done = do()
        if operation.verb == "list":
            listed.append(operation.subject)
            done = iter(list(done))
            if len(listed) == 1:
                zone.rename(f"{FOLDER}/{name(1)}", f"{FOLDER}/{place}/{name(1)}")
        return done

    assert published(proxied(zone, move), FOLDER) == {name(1): f"{FOLDER}/{place}/{name(1)}"}
    assert len(listed) == 3
