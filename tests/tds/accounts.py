"""Who may log in: SQL logins with passwords, and access tokens that live for a while."""

from __future__ import annotations

import secrets
import time
from threading import Lock
from typing import TYPE_CHECKING

from tds import problems


if TYPE_CHECKING:
    from tds.login import Login

USER, PASSWORD = "hygge", "Pa$$ ;word=1"  # needs quoting in a connection string
TOKEN_USER = "app@tenant"


class Accounts:
    """Logins and tokens; it begins with the login `USER`."""

    def __init__(self) -> None:
        self._passwords = {USER: PASSWORD}
        self._ends: dict[str, float] = {}
        self._lock = Lock()

    def add(self, user: str, password: str) -> None:
        """Add a SQL login, or change its password."""
        with self._lock:
            self._passwords[user] = password

    def issue_token(self, lifetime: float = 3600) -> str:
        """Return a new access token that is good for `lifetime` seconds."""
        token = f"eyJ0eXAiOiJKV1QifQ.{secrets.token_urlsafe(900)}.{secrets.token_urlsafe(32)}"
        with self._lock:
            self._ends[token] = time.monotonic() + lifetime
        return token

    def expire(self, token: str) -> None:
        """End a token now: logins with it are refused, and its sessions end at their next statement."""
        with self._lock:
            self._ends[token] = time.monotonic()

    def is_good(self, token: str | None) -> bool:
        """Tell whether a session that logged in with this token, or with a password, may go on."""
        with self._lock:
            return token is None or time.monotonic() < self._ends.get(token, 0)

    def check(self, login: Login) -> str:
        """Return the name that the session runs under; `SqlError` 18456 or 18452 when the login is not let in."""
        if login.integrated:
            raise problems.windows_refused()
        if login.token is not None:
            self._check_token(login.token)
            return TOKEN_USER
        with self._lock:
            known = self._passwords.get(login.user)
        if known is None or not secrets.compare_digest(known.encode(), login.password.encode()):
            raise problems.login_failed(login.user)
        return login.user

    def _check_token(self, token: str) -> None:
        if token not in self._ends:
            raise problems.token_refused("")
        if not self.is_good(token):
            raise problems.token_refused("Token is expired.")
