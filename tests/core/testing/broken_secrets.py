"""Stores that show their secrets, each in another place; see `broken`."""

from __future__ import annotations

import logging

from core.testing.broken import Contract, broken
from core.testing.sound import SoundStage, SoundStore
from hygge_core import Locked


PASSWORD = "hunter2"


class TestShowsSecrets(Contract):
    caught_by = frozenset({"test_secrets_never_show"})
    secrets = (PASSWORD,)
    store_type = broken(__repr__=lambda self: f"SoundStore(password={PASSWORD!r})")  # noqa: ARG005


class OutspokenStage(SoundStage):
    def __repr__(self):
        return f"OutspokenStage(password={PASSWORD!r})"


class TestShowsSecretsInItsStages(Contract):
    caught_by = frozenset({"test_secrets_are_not_in_commit_records"})
    secrets = (PASSWORD,)
    store_type = broken(OutspokenStage)


class LoggingStage(SoundStage):
    def commit(self, staged, record):
        logging.getLogger("acme").debug("committing with password %s", PASSWORD)
        return super().commit(staged, record)


class TestLogsSecrets(Contract):
    caught_by = frozenset({"test_secrets_are_neither_logged_nor_printed"})
    secrets = (PASSWORD,)
    store_type = broken(LoggingStage)


class PrintingStage(SoundStage):
    def seal(self, parts):
        print(f"sealing with password {PASSWORD}")  # noqa: T201 - that is what is wrong with it
        return super().seal(parts)


class TestPrintsSecrets(Contract):
    caught_by = frozenset({"test_secrets_are_neither_logged_nor_printed"})
    secrets = (PASSWORD,)
    store_type = broken(PrintingStage)


class lease_from_a_server:  # noqa: N801 - stands where a function would
    """A lease whose refusal has the whole connection string as its cause."""

    def __init__(self, store, table, run):
        self.lease = SoundStore.lease(store, table, run)

    def __enter__(self):
        try:
            return self.lease.__enter__()
        except Locked as error:
            raise Locked(str(error), holder=error.holder) from OSError(f"server=acme;password={PASSWORD}")

    def __exit__(self, *error):
        return self.lease.__exit__(*error)


class TestShowsSecretsInACause(Contract):
    caught_by = frozenset({"test_secrets_are_not_in_the_error_of_a_second_writer"})
    secrets = (PASSWORD,)
    store_type = broken(lease=lambda self, table, run: lease_from_a_server(self, table, run))  # noqa: PLW0108
