"""Many deletions in one request, as object_store sends them: a multipart body, answered part by part."""

from __future__ import annotations

from email.parser import BytesParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from attrs import evolve

from hygge_store_adls.testing.blob_writes import delete_blob
from hygge_store_adls.testing.content import bytes_of
from hygge_store_adls.testing.wire import Refused, Response


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.wire import Request


BOUNDARY = "batchresponse_hygge"


def batch(account: Account, request: Request) -> Response:
    """Carry out each deletion by itself; one that fails leaves the others as they are."""
    head = f"Content-Type: {request.header('content-type')}\r\n\r\n".encode()
    _, *parts = BytesParser().parsebytes(head + bytes_of(request.body)).walk()
    answers = [_answer(account, request, str(part.get_payload()), part["Content-ID"]) for part in parts]
    body = "".join(f"--{BOUNDARY}\r\n{answer}" for answer in answers) + f"--{BOUNDARY}--\r\n"
    return Response(status=202, headers={"Content-Type": f"multipart/mixed; boundary={BOUNDARY}"}, body=[body.encode()])


def _answer(account: Account, request: Request, text: str, number: str) -> str:
    method, target, _ = text.lstrip().split("\r\n", 1)[0].split(" ", 2)
    path = unquote(urlsplit(target).path).strip("/").removeprefix(f"{account.name}/")
    container, _, name = path.partition("/")
    if method != "DELETE":
        raise Refused(400, "InvalidInput", "The test server takes only deletions in a batch.")
    one = evolve(request, method=method, container=container, path=name, headers={}, body=b"")
    try:
        response = delete_blob(account, one)
    except Refused as refused:
        response = refused.response("blob")
    head = f"HTTP/1.1 {response.status} \r\n" + "".join(
        f"{key}: {value}\r\n" for key, value in response.headers.items()
    )
    content = b"".join(response.body).decode()
    return f"Content-Type: application/http\r\nContent-ID: {number}\r\n\r\n{head}\r\n{content}\r\n"
