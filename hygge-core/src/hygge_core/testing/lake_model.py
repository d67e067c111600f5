"""What a lake should do, as a dictionary: the plainest thing that the documentation allows.

Each operation returns what the lake must return, or the set of outcomes that are allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field


if TYPE_CHECKING:
    from collections.abc import Iterable


MISSING, TAKEN, REFUSED, SKIPPED = "missing", "taken", "refused", "skipped"
"""How an operation may end: by `FileNotFoundError`, `FileExistsError`, another `OSError`, or as nobody promises."""


@define
class Model:
    """Files by path, and folders. With ``implied`` folders are there only while something in them is, or a mark."""

    implied: bool = False
    files: dict[str, bytes] = field(factory=dict)
    folders: set[str] = field(factory=set)

    def put(self, path: str, data: bytes, if_absent: bool) -> object:  # noqa: FBT001 - a step's arguments
        """Write a file whole."""
        if self._below_file(path):
            return self._clash(REFUSED, MISSING, TAKEN)
        if self._kind(path) == "folder":
            return self._clash(REFUSED, TAKEN)
        if if_absent and path in self.files:
            return {TAKEN}
        self._add(path, data)
        return None

    def create(self, path: str, data: bytes) -> object:
        """Write a new file."""
        return self.put(path, data, if_absent=True)

    def create_and_fail(self, path: str, _: bytes) -> object:
        """Fail while writing; whether folders that were missing are there afterwards is nobody's promise."""
        home = parents(path)[-1:]
        return {SKIPPED} if self._kind(path) or (home and self._kind(*home) != "folder") else {REFUSED}

    def read(self, path: str) -> object:
        """Read a file."""
        kind = self._kind(path)
        if kind == "file":
            return self.files[path]
        if kind == "folder":
            return self._clash(REFUSED)
        return {REFUSED, MISSING} if self._below_file(path) else {MISSING}

    def stat(self, path: str) -> object:
        """Tell the kind and size of what is there."""
        kind = self._kind(path)
        return (kind, len(self.files.get(path, b""))) if kind else "nothing"

    def list(self, path: str, recursive: bool) -> list[object]:  # noqa: FBT001 - a step's arguments
        """Tell what is in a folder."""
        if self._kind(path) == "file":
            return []
        depth = path.count("/") + 1
        found = [name for name in self._inside(path) if recursive or name.count("/") == depth]
        return [(name, self.stat(name)) for name in sorted(found, key=lambda name: name.split("/"))]

    def make_directory(self, path: str) -> object:
        """Make a folder."""
        if self._below_file(path):
            return self._clash(REFUSED, MISSING, TAKEN)
        if self._kind(path) == "file":
            return {TAKEN, REFUSED}
        if self._kind(path) is None or not self.implied:
            self.folders.update({path, *(() if self.implied else parents(path))})
        return None

    def rename(self, source: str, target: str, replace: bool) -> object:  # noqa: FBT001 - a step's arguments
        """Move a file."""
        outcome = self._may_move(source, target, "file")
        if outcome is None and self._kind(target) == "folder":
            outcome = {SKIPPED} if replace or self.implied else {TAKEN, REFUSED}
        if outcome is None and target in self.files and not replace:
            outcome = {TAKEN}
        if outcome is None:
            self._add(target, self.files.pop(source))
        return outcome

    def rename_directory(self, source: str, target: str) -> object:
        """Move a folder."""
        outcome = self._may_move(source, target, "folder")
        if outcome is None and self._kind(target):
            outcome = {TAKEN}
        if outcome is None:
            self._move(source, target)
        return outcome

    def delete(self, path: str) -> object:
        """Delete a file."""
        if self._kind(path) == "folder" or self._below_file(path):
            return {SKIPPED}
        self.files.pop(path, None)
        return None

    def delete_directory(self, path: str) -> object:
        """Delete a folder and what is in it."""
        if self._kind(path) == "file" or self._below_file(path):
            return {SKIPPED}
        for name in (path, *self._inside(path)):
            self.files.pop(name, None)
            self.folders.discard(name)
        return None

    def _kind(self, path: str) -> str | None:
        if path in self.files:
            return "file"
        return "folder" if path in self.folders or self._inside(path) else None

    def _inside(self, path: str) -> set[str]:
        return {name for name in _with_parents((*self.files, *self.folders)) if name.startswith(f"{path}/")}

    def _add(self, path: str, data: bytes) -> None:
        self.files[path] = data
        if not self.implied:
            self.folders.update(parents(path))

    def _move(self, source: str, target: str) -> None:
        moved = {name: target + name.removeprefix(source) for name in (source, *self._inside(source))}
        files = {name: self.files.pop(name) for name in moved if name in self.files}
        self.folders -= set(moved)
        self.folders |= {moved[name] for name in moved if name not in files}
        self.folders.update(() if self.implied else parents(target))
        for name, data in files.items():
            self._add(moved[name], data)

    def _may_move(self, source: str, target: str, kind: str) -> set[str] | None:
        """Say why a move cannot be asked for, or must fail, whatever stands at the target; None when it may go on."""
        if f"{target}/".startswith(f"{source}/") or f"{source}/".startswith(f"{target}/"):
            return {SKIPPED}
        if self._below_file(source) or self._below_file(target) or self._kind(source) not in {None, kind}:
            return {SKIPPED}
        if self._kind(source) is None:  # whether the target's folders are made then is nobody's promise
            home = parents(target)[-1:]
            lonely = home and self._kind(*home) != "folder"
            return {SKIPPED} if lonely else {MISSING, TAKEN} if self._kind(target) else {MISSING}
        return None

    def _clash(self, *errors: str) -> set[str]:
        """Say what becomes of a file in a folder's place: where folders are only names, nobody sees it."""
        return {SKIPPED} if self.implied else set(errors)

    def _below_file(self, path: str) -> bool:
        return any(parent in self.files for parent in parents(path))


def parents(path: str) -> list[str]:
    """Return the folders that a path lies in, the outermost first."""
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names))]


def _with_parents(paths: Iterable[str]) -> set[str]:
    return {name for path in paths for name in (path, *parents(path))}
