"""A plugin with two connections: `shed` leads to files in a folder, `bench` leads to none."""

from __future__ import annotations

from attrs import frozen

from hygge_core import ConnectionType, StoreUnavailable, hookimpl


@frozen(kw_only=True)
class ShedConfig:
    root: str


@frozen(kw_only=True)
class BenchConfig:
    pass


class Shed:
    """Writes a line into the file `opened` for each time that it is opened, and one into `closed`."""

    def __init__(self, root):
        self.root = root
        self._note("opened")

    def lake(self, path):
        from hygge_core.lakes.local import LocalLake

        if (self.root / "shut").exists():
            raise StoreUnavailable("the shed is shut", where=str(self.root))
        return LocalLake(self.root / path)

    def close(self):
        self._note("closed")

    def _note(self, name):
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / name).open("a", encoding="utf-8") as file:
            file.write("once\n")


class Bench:
    def close(self):
        pass


def open_shed(config, context):
    return Shed(context.project / config.root)


@hookimpl
def hygge_connections():
    yield ConnectionType(name="shed", config=ShedConfig, open=open_shed)
    yield ConnectionType(name="bench", config=BenchConfig, open=lambda *_: Bench())
