"""Holding a name against other writers, by a lease of its blob that is renewed for as long as it is wanted."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError
from azure.storage.blob import BlobLeaseClient

from hygge_core.errors import Locked
from hygge_store_adls.lake.errors import ServiceFault


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_store_adls.lake.files import Files


_SPARE = 6
"""A hold counts as certain until a sixth of the lease before its end, so that a change has time to arrive."""


def seconds() -> float:
    """Return the time of a clock that nobody sets and that goes on while the machine sleeps, where there is one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Hold:
    """One lease that is held; see `hygge_core.lake.Lapses`."""

    def __init__(self, files: Files, path: str, length: int) -> None:
        self._files = files
        self._path = path
        self._length = length
        self._lost = ""
        self._until = 0.0
        self.client = BlobLeaseClient(files.clients.blob(path), lease_id=str(uuid.uuid4()))

    def check(self) -> None:
        """Return while the hold is certain."""
        if not self._lost and seconds() < self._until:
            return
        raise Locked(
            f"this run no longer holds it: {self._lost or 'its lease could not be renewed in time'}",
            where=self._files.requests.place.url(self._path),
            holder="perhaps another writer",
            fix="run again; the table is whole, and what was recorded is finished by the next run",
        )

    def acquire(self) -> None:
        """Take the lease; asking again with the same id is harmless. Raises `FileNotFoundError` and `Locked`."""
        began = seconds()
        self._files.requests.make(lambda: self.client.acquire(lease_duration=self._length) or True, self._path)
        self._extend(began)

    def renew(self) -> bool:
        """Ask for as much time again; what the service refuses is lost, what it does not answer may come later."""
        began, longest = seconds(), self._length / _SPARE
        try:
            self.client.renew(connection_timeout=longest, read_timeout=longest)
        except AzureError as error:
            fault = ServiceFault(error)
            if not fault.passes and not fault.expired:
                self._lost = f"the service says {fault.what}"
            return False
        self._extend(began)
        return True

    def release(self) -> None:
        """Let go; a lease that cannot be let go, or was lost, ends by itself."""
        with contextlib.suppress(OSError):
            self._files.requests.make(lambda: self.client.release() or True, self._path)

    def write(self, holder: str) -> None:
        """Leave word of who holds it, for those who are turned away."""
        self._files.put(self._path, holder.encode(), lease=self.client.id)

    def _extend(self, began: float) -> None:
        self._until = began + self._length - self._length / _SPARE


class Leases:
    """The leases of one lake, and the one thread that renews them."""

    def __init__(self, files: Files, length: int) -> None:
        self._files = files
        self._length = length
        self._holds: list[Hold] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @contextmanager
    def hold(self, path: str, holder: str) -> Iterator[Hold]:
        """Hold a name while the context lasts. Raises `Locked` with the text of the other holder."""
        hold = self._acquired(path, holder)
        self._keep(hold)
        try:
            self._write(hold, path, holder)
            yield hold
        finally:
            with self._changed:
                self._holds.remove(hold)
                self._changed.notify()
            hold.release()

    def _acquired(self, path: str, holder: str) -> Hold:
        hold = Hold(self._files, path, self._length)
        try:
            try:
                hold.acquire()
            except FileNotFoundError:
                with contextlib.suppress(FileExistsError):
                    self._files.put(path, holder.encode(), if_absent=True)
                hold.acquire()
        except BlockingIOError as error:
            raise self._locked(path) from error
        return hold

    def _write(self, hold: Hold, path: str, holder: str) -> None:
        try:
            hold.write(holder)
        except BlockingIOError as error:
            raise self._locked(path) from error

    def _locked(self, path: str) -> Locked:
        holder = "another writer"
        with contextlib.suppress(FileNotFoundError):
            holder = self._files.read(path).decode(errors="replace")
        return Locked(
            f"is being written by {holder}",
            where=path.rpartition("/")[0].rpartition("/")[2],
            holder=holder,
            fix=f"wait for it to finish, or end that process: its hold lapses at most {self._length} seconds later",
        )

    def _keep(self, hold: Hold) -> None:
        with self._changed:
            self._holds.append(hold)
            if self._thread is None:
                self._thread = threading.Thread(target=self._renew, name="hygge-leases", daemon=True)
                self._thread.start()

    def _renew(self) -> None:
        """Renew what is held, three times in the length of a lease and oftener after a failure; end with the last."""
        wait = self._length / 3
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._holds, timeout=wait)
                if not self._holds:
                    self._thread = None
                    return
                holds = list(self._holds)
            renewed = [hold.renew() for hold in holds]
            wait = self._length / (3 if all(renewed) else 12)
