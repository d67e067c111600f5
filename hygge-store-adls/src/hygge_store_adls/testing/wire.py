"""One request and its answer as plain data, and how a refusal is written in each of the two dialects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

from attrs import field, frozen


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_store_adls.testing.content import Chunk


Dialect = Literal["dfs", "blob"]
Headers = Mapping[str, str]


@frozen(kw_only=True)
class Request:
    """A request whose body has been read.

    ``container`` and ``path`` are decoded and without slashes at the ends, ``target`` is the path as it was sent;
    the names in ``query`` and ``headers`` are lower case.  ``secure`` is True over TLS.
    """

    method: str
    target: str
    container: str
    path: str
    query: Mapping[str, str]
    headers: Headers
    dialect: Dialect
    secure: bool = False
    body: Chunk = b""

    def header(self, name: str) -> str | None:
        """Return a header, None where it is absent or empty, which mean the same here."""
        return self.headers.get(name) or None

    def metadata(self) -> dict[str, str]:
        """Return what the headers ``x-ms-meta-*`` hold."""
        return {name[10:]: value for name, value in self.headers.items() if name.startswith("x-ms-meta-")}


@frozen(kw_only=True)
class Response:
    """An answer; its body is sent chunk after chunk and is left out for HEAD."""

    status: int
    headers: Headers = field(factory=dict)
    body: Sequence[bytes | memoryview] = ()

    @property
    def length(self) -> int:
        """How many bytes the body has."""
        return sum(map(len, self.body))


class Refused(Exception):
    """The service's own refusal: an HTTP status and a code that clients read."""

    def __init__(self, status: int, code: str, message: str = "", headers: Headers | None = None) -> None:
        self.status = status
        self.code = code
        self.message = message or code
        self.headers = dict(headers or {})
        super().__init__(f"{status} {code}: {self.message}")

    def response(self, dialect: Dialect) -> Response:
        """Write the refusal as this dialect does; 304 has no body."""
        headers = {"x-ms-error-code": self.code, **self.headers}
        if self.status == 304:  # noqa: PLR2004 - Not Modified, which HTTP sends without a body
            return Response(status=304, headers=headers)
        if dialect == "dfs":
            said = json.dumps({"error": {"code": self.code, "message": self.message}})
            return Response(status=self.status, headers=headers | json_type(), body=[said.encode()])
        said = f"<Error><Code>{escape(self.code)}</Code><Message>{escape(self.message)}</Message></Error>"
        return xml(said, status=self.status, headers=headers)


def json_type() -> dict[str, str]:
    """Return the header that says JSON."""
    return {"Content-Type": "application/json;charset=utf-8"}


def xml(text: str, *, status: int = 200, headers: Headers | None = None) -> Response:
    """Answer with an XML document."""
    document = f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode()
    return Response(status=status, headers={**(headers or {}), "Content-Type": "application/xml"}, body=[document])
