"""The heavy half of the actors' plugin, imported when a home is opened."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import polars as pl

from hygge_core import HomeError, HomeUnavailable


class Actor:
    def __init__(self, config, context):
        self.config, self.context = config, context

    def locate(self, request):
        return f"the stage of {request.entity}"

    def read(self, request):
        return Part(self.config, self.context, request)

    def close(self):
        pass


class Part:
    def __init__(self, config, context, request):
        self.config, self.context, self.request = config, context, request
        self.schema = pl.Schema(dict.fromkeys(config.columns, pl.String()))

    def batches(self):
        for number in range(self.config.batches):
            yield pl.DataFrame({name: ["x"] * self.config.rows for name in self.config.columns}, schema=self.schema)
            (self.context.project / f"{self.request.entity}.{number}.began").touch()
            time.sleep(self.config.pause)
        self._act()

    def _act(self):
        words = self.config.words
        if self.config.password:
            words += f" with {self.config.password.reveal()}"
        match self.config.fault:
            case "home":
                raise HomeError(words, where=f"the stage of {self.request.entity}", fix="lift it")
            case "unavailable":
                raise HomeUnavailable(words)
            case "boom":
                raise ZeroDivisionError(words)
            case "log":
                self.context.log.warning("stumbled", words=words, where=Path(words))
                self.context.log.debug("whispered", words=words)
                self.context.log.error("fell", exc_info=LookupError(words))
                warnings.warn(words, stacklevel=2)

    def close(self):
        pass
