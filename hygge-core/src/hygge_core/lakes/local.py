"""The local disk as a lake: every change is durable when its method returns."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
import shutil
import stat
import sys
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from attrs import evolve

from hygge_core.lake import UNFINISHED, Entry, LakeAbilities
from hygge_core.lakes.birth import born
from hygge_core.lakes.eager import EagerFile
from hygge_core.lakes.lock import locked
from hygge_core.lakes.rename import NO_LINKS, UNSUPPORTED, exchange, rename_new


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager


class LocalLake:
    """A folder on this machine, as a `hygge_core.lake.Lake`.

    ``root`` need not exist yet.  Paths that would leave it are refused with `ValueError`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    @cached_property
    def abilities(self) -> LakeAbilities:
        """What this file system gives; finding out makes and removes two empty folders and a file in the root."""
        return LakeAbilities(
            atomic_directory_rename=True,
            atomic_directory_exchange=self._can_exchange(),
            atomic_replace=True,
            put_if_absent=True,
            hard_links=self._can_link(),
        )

    def url(self, path: str) -> str:
        """Return the path as this system writes it."""
        return str(self._at(path))

    def local_path(self, path: str) -> str:
        """Return the absolute path on this machine."""
        return str(self._at(path))

    def put(self, path: str, data: bytes, *, if_absent: bool = False) -> None:
        """Write beside the name, then rename onto it."""
        target = self._at(path)
        unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}{UNFINISHED}")
        with self._created(unfinished) as file:
            file.write(data)
        try:
            rename_new(unfinished, target) if if_absent else unfinished.replace(target)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_directory(target.parent)

    def put_soon(self, path: str, data: bytes) -> None:
        """Write beside the name, then rename onto it, without waiting for the disk."""
        target = self._at(path)
        self._make(target.parent)
        unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}{UNFINISHED}")
        try:
            unfinished.write_bytes(data)
            rename_new(unfinished, target)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

    def create(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Open a new file for writing."""
        return self._created(self._at(path))

    def read(self, path: str) -> bytes:
        """Read a file whole."""
        return self._at(path).read_bytes()

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Open a file for reading."""
        return self._at(path).open("rb")

    def stat(self, path: str) -> Entry | None:
        """Describe a file or folder; a symbolic link is described as what it leads to, a folder by its birth too."""
        target = self._at(path)
        entry = _entry(path, target)
        if entry is None or not entry.is_directory:
            return entry
        version = _version_of_folder(target)
        return evolve(entry, version=version) if version else None

    def list(self, path: str, *, recursive: bool = False) -> Iterator[Entry]:
        """Yield what is in a folder."""
        try:
            with os.scandir(self._at(path)) as found:
                there = sorted((one.name, one.path) for one in found)
        except (FileNotFoundError, NotADirectoryError):
            return
        for name, place in there:
            below = f"{path}/{name}" if path else name
            entry = _entry(below, place)
            if entry is None:
                continue
            yield entry
            if recursive and entry.is_directory:
                yield from self.list(below, recursive=True)

    def make_directory(self, path: str) -> None:
        """Make a folder and its parents."""
        self._make(self._at(path))

    def rename(self, source: str, target: str, *, replace: bool = False) -> None:
        """Move a file in one step."""
        old, new = self._at(source), self._at(target)
        self._make(new.parent)
        old.replace(new) if replace else rename_new(old, new)
        _sync_directory(new.parent)
        _sync_directory(old.parent)

    def rename_directory(self, source: str, target: str, *, version: str = "") -> None:  # noqa: ARG002 - locks here last
        """Move a folder in one step."""
        self.rename(source, target)

    def exchange_directories(self, one: str, other: str) -> None:
        """Swap two folders in one step."""
        first, second = self._at(one), self._at(other)
        exchange(first, second)
        _sync_directory(first.parent)
        _sync_directory(second.parent)

    def link(self, names: Mapping[str, str]) -> None:
        """Give files a second name, all durable when it returns."""
        folders = {self._at(target).parent for target in names.values()}
        for folder in folders:
            self._make(folder)
        for source, target in names.items():
            os.link(self._at(source), self._at(target))
        for folder in folders:
            _sync_directory(folder)

    def delete(self, path: str) -> None:
        """Delete a file."""
        with contextlib.suppress(FileNotFoundError):
            self._at(path).unlink()
            _sync_directory(self._at(path).parent)

    def delete_soon(self, path: str) -> None:
        """Delete a file without waiting for the disk."""
        self._at(path).unlink(missing_ok=True)

    def delete_directory(self, path: str) -> None:
        """Delete a folder with everything in it."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self._at(path))
            _sync_directory(self._at(path).parent)

    @contextmanager
    def lease(self, path: str, holder: str) -> Iterator[None]:
        """Hold a lock file that the system frees when this process ends."""
        target = self._at(path)
        self._make(target.parent)
        with locked(target, holder):
            yield

    def _at(self, path: str) -> Path:
        return _below(self.root, path)

    @contextmanager
    def _created(self, target: Path) -> Iterator[BinaryIO]:
        self._make(target.parent)
        with io.BufferedWriter(EagerFile(target)) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                file.close()
                target.unlink(missing_ok=True)
                raise
        _sync_directory(target.parent)

    def _make(self, directory: Path) -> None:
        """Make a folder so that it survives a power cut, with all parents that are new."""
        if directory.is_dir():
            return
        self._make(directory.parent)
        directory.mkdir(exist_ok=True)
        _sync_directory(directory.parent)

    def _can_exchange(self) -> bool:
        one, other = self._tried_names()
        one.mkdir()
        other.mkdir()
        try:
            exchange(one, other)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
            return False
        finally:
            one.rmdir()
            other.rmdir()
        return True

    def _can_link(self) -> bool:
        one, other = self._tried_names()
        one.touch()
        try:
            os.link(one, other)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            return False
        finally:
            one.unlink()
            other.unlink(missing_ok=True)
        return True

    def _tried_names(self) -> tuple[Path, Path]:
        """Make up two names in the root that nobody has."""
        self._make(self.root)
        token = secrets.token_hex(4)
        return self.root / f"_hygge-probe-{token}-1", self.root / f"_hygge-probe-{token}-2"


@lru_cache(maxsize=4096)  # a run asks for the same few paths of a table again and again
def _below(root: Path, path: str) -> Path:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        message = f"{path!r} leads out of the lake at {root}"
        raise ValueError(message)
    return root / pure


def _entry(path: str, place: str | Path) -> Entry | None:
    """Describe what is at a place, called ``path`` in the lake; None for nothing and for a link that leads nowhere."""
    try:
        found = os.lstat(place)
        is_link = stat.S_ISLNK(found.st_mode)
        found = Path(place).stat() if is_link else found
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISDIR(found.st_mode):
        return Entry(path=path, size=0, is_directory=True, is_link=is_link)
    version = f"{found.st_dev}-{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"
    return Entry(
        path=path,
        size=found.st_size,
        is_directory=False,
        is_link=is_link,
        version=version,
        modified=found.st_mtime_ns,
    )


def _version_of_folder(folder: Path) -> str:
    """Tell a folder from a later one, which may get its number; empty when it has gone meanwhile."""
    try:
        found = folder.stat()
        return f"{found.st_dev}-{found.st_ino}-{born(folder)}"
    except FileNotFoundError:
        return ""


def _sync_directory(directory: Path) -> None:
    """Make names in a folder durable; Windows does so by itself and cannot be asked."""
    if sys.platform == "win32":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # some network file systems refuse
            raise
    finally:
        os.close(descriptor)
