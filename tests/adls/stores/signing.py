"""Shared access signatures for a test server, made by the Azure client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from azure.storage.filedatalake import generate_file_system_sas


EVERYTHING = "racwdlm"


def signature(server, *, permission=EVERYTHING, lasts=timedelta(hours=1), begins=None):
    now = datetime.now(UTC)
    times = {"expiry": now + lasts, "start": None if begins is None else now + begins}
    return generate_file_system_sas(server.account, server.container, server.key, permission=permission, **times)
