"""What a lake should do, as a dictionary: the plainest thing that the documentation allows."""

from __future__ import annotations

from attrs import define, field


MISSING, TAKEN, REFUSED, SKIPPED = "missing", "taken", "refused", "skipped"


@define
class Model:
    """Files by path, and folders. With ``implied`` folders are there only while something in them is, or a mark."""

    implied: bool = False
    files: dict[str, bytes] = field(factory=dict)
    folders: set[str] = field(factory=set)

    def kind(self, path):
        if path in self.files:
            return "file"
        within = any(name.startswith(f"{path}/") for name in (*self.files, *self.folders))
        return "folder" if path in self.folders or within else None

    def add(self, path, data):
        self.files[path] = data
        if not self.implied:
            self.folders.update(parents(path))

    def put(self, path, data, if_absent):
        if self.below_file(path):
            return self.clash(REFUSED, MISSING, TAKEN)
        if self.kind(path) == "folder":
            return self.clash(REFUSED, TAKEN)
        if if_absent and path in self.files:
            return {TAKEN}
        self.add(path, data)
        return None

    def create(self, path, data):
        return self.put(path, data, if_absent=True)

    def create_and_fail(self, path, _):
        """Fail while writing; whether folders that were missing are there afterwards is nobody's promise."""
        home = parents(path)[-1:]
        return {SKIPPED} if self.kind(path) or (home and self.kind(*home) != "folder") else {REFUSED}

    def read(self, path):
        kind = self.kind(path)
        if kind == "file":
            return self.files[path]
        if kind == "folder":
            return self.clash(REFUSED)
        return {REFUSED, MISSING} if self.below_file(path) else {MISSING}

    def clash(self, *errors):
        """What becomes of a file in a folder's place: an account without folders does not see it."""
        return {SKIPPED} if self.implied else set(errors)

    def stat(self, path):
        kind = self.kind(path)
        return (kind, len(self.files.get(path, b""))) if kind else "nothing"

    def list(self, path, recursive):
        if self.kind(path) == "file":
            return []
        names = {name for full in (*self.files, *self.folders) for name in (full, *parents(full))}
        inside = [name for name in names if name.startswith(f"{path}/")]
        depth = path.count("/") + 1
        found = [name for name in inside if recursive or name.count("/") == depth]
        return [(name, *self.stat(name)) for name in sorted(found, key=lambda name: name.split("/"))]

    def make_directory(self, path):
        if self.below_file(path):
            return self.clash(REFUSED, MISSING, TAKEN)
        if self.kind(path) == "file":
            return {TAKEN, REFUSED}
        if self.kind(path) is None or not self.implied:
            self.folders.update({path, *(() if self.implied else parents(path))})
        return None

    def rename(self, source, target, replace):
        outcome = self.may_move(source, target, "file")
        if outcome is None and self.kind(target) == "folder":
            outcome = {SKIPPED} if replace or self.implied else {TAKEN, REFUSED}
        if outcome is None and target in self.files and not replace:
            outcome = {TAKEN}
        if outcome is None:
            self.add(target, self.files.pop(source))
        return outcome

    def rename_directory(self, source, target):
        outcome = self.may_move(source, target, "folder")
        if outcome is None and self.kind(target):
            outcome = {TAKEN}
        if outcome is None:
            moved = {name: target + name.removeprefix(source) for name in self.inside(source)}
            folders = {name for name in moved if self.kind(name) == "folder"} | {source}
            for name in [name for name in moved if name in self.files]:
                self.add(moved[name], self.files.pop(name))
            self.folders -= set(moved) | {source}
            self.folders |= {moved.get(name, target) for name in folders}
            self.folders.update(() if self.implied else parents(target))
        return outcome

    def delete(self, path):
        if self.kind(path) == "folder" or self.below_file(path):
            return {SKIPPED}
        self.files.pop(path, None)
        return None

    def delete_directory(self, path):
        if self.kind(path) == "file" or self.below_file(path):
            return {SKIPPED}
        gone = [name for name in (*self.files, *self.folders) if name == path or name.startswith(f"{path}/")]
        for name in gone:
            self.files.pop(name, None)
            self.folders.discard(name)
        return None

    def may_move(self, source, target, kind):
        """Say why a move cannot be asked for, or must fail, whatever stands at the target; None when it may go on."""
        if source == target or f"{target}/".startswith(f"{source}/") or f"{source}/".startswith(f"{target}/"):
            return {SKIPPED}
        if self.below_file(source) or self.below_file(target) or self.kind(source) not in {None, kind}:
            return {SKIPPED}
        if self.kind(source) is None:  # whether the target's folders are made then is nobody's promise
            home = parents(target)[-1:]
            lonely = home and self.kind(*home) != "folder"
            return {SKIPPED} if lonely else {MISSING, TAKEN} if self.kind(target) else {MISSING}
        return None

    def inside(self, path):
        names = {name for full in (*self.files, *self.folders) for name in (full, *parents(full))}
        return [name for name in names if name.startswith(f"{path}/")]

    def below_file(self, path):
        return any(parent in self.files for parent in parents(path))


def parents(path):
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names))]
