"""A named way to one database of SQL Server, shared by all homes that name it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from hygge_core import HyggeError
from hygge_home_mssql.authentication import Tokens, credential_of
from hygge_home_mssql.drivers import find_driver
from hygge_home_mssql.facts import find_facts
from hygge_home_mssql.faults import explained, is_from_driver, shows
from hygge_home_mssql.logins import open_arrow, open_pyodbc
from hygge_home_mssql.pool import Pool


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.connection import FoundTable
    from hygge_core.home import Finding
    from hygge_home_mssql.config import MssqlConnectionConfig
    from hygge_home_mssql.drivers import Driver
    from hygge_home_mssql.facts import Facts
    from hygge_home_mssql.pool import Engine


class MssqlConnection:
    """What a ``[connections.<name>]`` table of type ``mssql`` becomes; safe to use from many threads.

    ``pool`` lends raw connections, and `told` turns what those raise into errors of hygge.
    Nothing is opened before it is needed.
    """

    def __init__(self, settings: MssqlConnectionConfig, log: Any = None) -> None:
        self.settings = settings
        self._log = log
        self._mutex = threading.RLock()
        self._tokens = Tokens(partial(credential_of, settings)) if settings.auth.startswith("entra_") else None
        self.pool = Pool(self._open, settings.pool_size, self._say_waiting)

    @property
    def where(self) -> str:
        """Name server and database, for errors."""
        server, said = self.settings.server, self.settings.instance or self.settings.port
        return f"{server}{f'/{said}' if said else ''}/{self.settings.database}"

    @cached_property
    def driver(self) -> Driver:
        """The ODBC driver that pyodbc uses. Raises `HomeError` when there is none."""
        return find_driver(self.settings.driver)

    @property
    def facts(self) -> Facts:
        """What the server says of itself, asked once. Raises `HomeError` or `HomeUnavailable`."""
        with self._mutex:
            return self._facts

    @cached_property
    def _facts(self) -> Facts:
        with self.pool.borrow() as connection, self.told():
            return find_facts(connection)

    @contextmanager
    def told(self, where: str = "") -> Iterator[None]:
        """Turn what a raw connection raises inside into `HomeError` or `HomeUnavailable` about ``where``.

        ``where`` is the table, else the server.  Passwords and tokens do not show.
        """
        try:
            yield
        except HyggeError as error:
            error.where = error.where or where or self.where
            raise
        except Exception as error:
            if not is_from_driver(error):
                raise
            secrets = self.settings.secrets()
            fault = explained(error, where=where or self.where, secrets=secrets)
            raise fault from (None if shows(error, secrets) else error)

    def find_tables(self, patterns: Sequence[str]) -> Iterator[FoundTable]:
        """Yield the tables that fit, for ``hygge init --from``. Raises `HomeError` or `HomeUnavailable`."""
        from hygge_home_mssql.discovery import find_tables

        return find_tables(self, patterns)

    def probe(self, name: str, flow: str = "") -> Iterator[Finding]:  # noqa: ARG002 - the shape of all probes
        """Go the way to the server step by step, for ``hygge debug``."""
        from hygge_home_mssql.probing import of_connection

        return of_connection(self)

    def close(self) -> None:
        """Close all connections. Safe to call twice."""
        self.pool.close()
        if self._tokens is not None:
            self._tokens.close()

    def _open(self, engine: Engine) -> Any:
        with self.told():
            token = self._token()
            try:
                if engine == "arrow":
                    return open_arrow(self.settings, token)
                return open_pyodbc(self.settings, self.driver, token)
            except Exception:
                if self._tokens is not None:
                    self._tokens.forget()
                raise

    def _token(self) -> str:
        if self._tokens is not None:
            return self._tokens.current()
        return self.settings.access_token.reveal()

    def _say_waiting(self) -> None:
        if self._log is not None:
            self._log.info("connection.waiting", connection=self.where, pool_size=self.settings.pool_size)
