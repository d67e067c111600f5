"""Stores that upsert or read back wrongly, each in one way; see `broken`."""

from __future__ import annotations

import polars as pl

from core.testing.broken import Contract, broken
from core.testing.sound import SoundStage, SoundStore, read


class AppendingStage(SoundStage):
    """Adds the rows and forgets to take those of the same keys away."""

    def staying(self, before, incoming, deleted):  # noqa: ARG002
        return before


class TestUpsertDoublesRows(Contract):
    caught_by = frozenset(
        {
            "test_a_key_that_comes_stays_though_it_is_deleted",
            "test_a_reader_beside_upserts_sees_each_whole",
            "test_merging_shows_nothing_and_an_abort_undoes_it",
            "test_several_writers_are_merged",
            "test_the_receipt_of_an_upsert_counts_the_whole_table",
            "test_the_same_upsert_twice_is_one",
            "test_upsert_replaces_rows_of_the_same_key",
            "test_upsert_takes_deleted_keys_away",
            "test_upserts_appends_and_replacements_follow_each_other",
        }
    )
    store_type = broken(AppendingStage)


class LosingStage(SoundStage):
    """Carries nothing over."""

    def staying(self, before, incoming, deleted):  # noqa: ARG002
        return before.clear()


class TestUpsertLosesTheRest(Contract):
    caught_by = frozenset(
        {
            "test_a_key_that_comes_stays_though_it_is_deleted",
            "test_merging_shows_nothing_and_an_abort_undoes_it",
            "test_several_writers_are_merged",
            "test_the_receipt_of_an_upsert_counts_the_whole_table",
            "test_the_same_upsert_twice_is_one",
            "test_upsert_adds_rows_of_new_keys",
            "test_upsert_goes_by_all_columns_of_the_key",
            "test_upsert_replaces_rows_of_the_same_key",
            "test_upsert_takes_deleted_keys_away",
            "test_upserts_appends_and_replacements_follow_each_other",
        }
    )
    store_type = broken(LosingStage)


class UndeletingStage(SoundStage):
    def staying(self, before, incoming, deleted):  # noqa: ARG002
        return super().staying(before, incoming, None)


class TestUpsertForgetsDeletes(Contract):
    caught_by = frozenset(
        {
            "test_a_key_that_comes_stays_though_it_is_deleted",
            "test_the_receipt_of_an_upsert_counts_the_whole_table",
            "test_upsert_takes_deleted_keys_away",
        }
    )
    store_type = broken(UndeletingStage)


class OverdeletingStage(SoundStage):
    """Takes deleted keys away from the rows that come as well."""

    def merge(self, parts, *, key, deleted=None, watch=None):
        merged = super().merge(parts, key=key, deleted=deleted, watch=watch)
        if deleted is None:
            return merged
        rows = self.rows(merged).join(deleted, on=key, how="anti")
        return [self.add(rows.collect())]


class TestUpsertDeletesWhatComes(Contract):
    caught_by = frozenset({"test_a_key_that_comes_stays_though_it_is_deleted"})
    store_type = broken(OverdeletingStage)


class FirstColumnStage(SoundStage):
    def merge(self, parts, *, key, deleted=None, watch=None):
        return super().merge(parts, key=key[-1:], deleted=deleted, watch=watch)


class TestUpsertGoesByOneColumn(Contract):
    caught_by = frozenset({"test_upsert_goes_by_all_columns_of_the_key"})
    store_type = broken(FirstColumnStage)


class CredulousStage(SoundStage):
    def refuse(self, incoming):
        pass


class TestUpsertTakesAnyKey(Contract):
    caught_by = frozenset({"test_a_key_that_names_no_single_row_is_refused"})
    store_type = broken(CredulousStage)


class EagerStage(SoundStage):
    """Takes the old rows away as soon as it merges."""

    def merge(self, parts, *, key, deleted=None, watch=None):
        merged = super().merge(parts, key=key, deleted=deleted, watch=watch)
        self.database.change(*self.emptying())
        return merged


class TestUpsertDeletesFirst(Contract):
    caught_by = frozenset({"test_merging_shows_nothing_and_an_abort_undoes_it"})
    store_type = broken(EagerStage)


class UnmergingStage(SoundStage):
    merge = None


class TestDeclaresUpsertInVain(Contract):
    caught_by = frozenset({"test_a_stage_of_a_store_that_upserts_merges"})
    spreads = True
    store_type = broken(UnmergingStage)


class TestShowsATableThatIsNot(Contract):
    caught_by = frozenset({"test_a_table_that_does_not_exist_shows_no_rows"})
    spreads = True  # the merge of this store looks there too
    store_type = broken(rows=lambda self, table: SoundStore.rows(self, table) or pl.LazyFrame({"id": []}))


def rows_with_staged(self, table):
    visible = SoundStore.rows(self, table)
    staged = self.database.rows("select data from staged where tbl = ?", table.name)
    frames = [pl.read_ipc(data).lazy() for (data,) in staged]
    return pl.concat([visible, *frames]) if visible is not None else None


class TestShowsStagedRows(Contract):
    caught_by = frozenset({"test_a_store_does_not_show_staged_rows"})
    spreads = True  # the same
    store_type = broken(rows=rows_with_staged)


class TestShowsTooFewRows(Contract):
    caught_by = frozenset(
        {
            "test_a_store_shows_appended_rows",
            "test_a_store_shows_the_visible_rows",
            "test_shown_rows_can_be_narrowed",
        }
    )
    spreads = True  # the same
    store_type = broken(
        rows=lambda self, table: None if read(self.place, table) is None else SoundStore.rows(self, table).head(4)
    )


class HidingStage(SoundStage):
    """Shows the rows of a part until it is sealed."""

    sealed = False

    def rows(self, parts):
        found = super().rows(parts)
        return found.clear() if self.sealed else found

    def seal(self, parts):
        self.sealed = True
        return super().seal(parts)


class TestHidesSealedRows(Contract):
    caught_by = frozenset({"test_a_stage_shows_the_rows_of_the_parts_it_is_asked_for"})
    store_type = broken(HidingStage)
