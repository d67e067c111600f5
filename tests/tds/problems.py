"""The errors of SQL Server that hygge must tell apart, worded as the server words them."""

from __future__ import annotations

from tds.contract import SqlError


def login_failed(user: str) -> SqlError:
    """A wrong name or password: 18456. Clients always get state 1, the server keeps the reason for its own log."""
    return SqlError(18456, f"Login failed for user '{user}'.", severity=14)


def token_refused(reason: str) -> SqlError:
    """An access token that is expired or of another directory: 18456 too."""
    return SqlError(18456, f"Login failed for user '<token-identified principal>'. {reason}", severity=14)


def windows_refused() -> SqlError:
    """A Windows login, which the test server has not: 18452."""
    text = "Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication."
    return SqlError(18452, text, severity=14)


def no_such_database(name: str) -> SqlError:
    """A database that is not there or that the login may not use: 4060."""
    return SqlError(4060, f'Cannot open database "{name}" requested by the login. The login failed.', severity=11)


def database_unavailable(name: str = "test") -> SqlError:
    """A database of Azure that is being moved or woken: 40613, to be tried again."""
    text = f"Database '{name}' on server 'tds' is not currently available. Please retry the connection later. "
    text += "If the problem persists, contact customer support, and provide them the session tracing ID of '{0}'."
    return SqlError(40613, text, severity=17)


def firewall(address: str = "127.0.0.1") -> SqlError:
    """An address that the firewall of Azure does not know: 40615."""
    text = f"Cannot open server 'tds' requested by the login. Client with IP address '{address}' is not allowed "
    return SqlError(40615, text + "to access the server.", severity=14)


def deadlock(session: int = 51) -> SqlError:
    """The victim of a deadlock, whose transaction is rolled back: 1205."""
    text = f"Transaction (Process ID {session}) was deadlocked on lock resources with another process and has been "
    return SqlError(1205, text + "chosen as the deadlock victim. Rerun the transaction.", state=51, severity=13)


def lock_timeout() -> SqlError:
    """A lock that was not given within LOCK_TIMEOUT: 1222."""
    return SqlError(1222, "Lock request time out period exceeded.", state=51)


def killed() -> SqlError:
    """A session that somebody killed: 596, and the connection is closed."""
    return SqlError(596, "Cannot continue the execution because the session is in the kill state.", severity=21)


def token_expired_in_session() -> SqlError:
    """A session whose access token is no longer good: 18456 here; which number Azure sends is not known."""
    expired = token_refused("Token is expired.")
    return SqlError(expired.number, expired.message, severity=20)
