"""What no driver here says, said byte by byte: resets, requests of other clients, broken messages, torn packets."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from decimal import Decimal

import pytest

from tds.accounts import PASSWORD, USER


BATCH, RPC, BULK_LOAD, ATTENTION, TRANSACTION, LOGIN, PRELOGIN = 0x01, 0x03, 0x07, 0x06, 0x0E, 0x10, 0x12
LAST, RESET = 0x01, 0x08
HEADERS = struct.pack("<IIHQI", 22, 18, 2, 0, 1)
LATIN = bytes.fromhex("0904d00034")  # the collation of the server
ERROR, ENVCHANGE, COLMETADATA, DONE = 0xAA, 0xE3, 0x81, 0xFD


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


class Client:
    """A client of plain bytes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def close(self) -> None:
        self.socket.close()

    def send(self, kind: int, data: bytes, status: int = LAST, room: int = 4088) -> None:
        pieces = [data[start : start + room] for start in range(0, max(1, len(data)), room)]
        for number, piece in enumerate(pieces):
            last = status if number == len(pieces) - 1 else status & ~LAST
            self.socket.sendall(struct.pack(">BBHHBB", kind, last, 8 + len(piece), 0, number & 255, 0) + piece)

    def receive(self) -> bytes:
        """Return the data of one reply, nothing when the server has closed."""
        data = b""
        while header := self._exactly(8):
            _, status, length = struct.unpack(">BBH", header[:4])
            data += self._exactly(length - 8)
            if status & LAST:
                break
        return data

    def ask(self, kind: int, data: bytes, status: int = LAST, room: int = 4088) -> bytes:
        self.send(kind, data, status, room)
        return self.receive()

    def batch(self, sql: str, status: int = LAST, room: int = 4088) -> bytes:
        return self.ask(BATCH, HEADERS + utf16(sql), status, room)

    def call(self, name: str, *parameters: bytes) -> bytes:
        data = struct.pack("<H", len(name)) + utf16(name) + b"\0\0" + b"".join(parameters)
        return self.ask(RPC, HEADERS + data)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (more := self.socket.recv(size - len(data))):
            data += more
        return data


def login_message(flags2: int = 0) -> bytes:
    """Return a LOGIN7 for the test's own login."""
    password = bytes(((byte << 4 | byte >> 4) & 0xFF) ^ 0xA5 for byte in utf16(PASSWORD))
    texts = [utf16("raw"), utf16(USER), password, utf16("app"), b"", b"", b"", b"", utf16("test")]
    place, where, body = 36 + 9 * 4 + 6 + 12 + 4, b"", b""
    for text in texts:
        where += struct.pack("<HH", place + len(body), len(text) // 2)
        body += text
    head = struct.pack("<IIIIIBBBBiI", 0x74000004, 4096, 7, 1, 0, 0, flags2, 0, 0, 0, 0)
    message = head + where + bytes(6 + 12 + 4) + body
    return struct.pack("<I", 4 + len(message)) + message


def prelogin() -> bytes:
    return bytes([1]) + struct.pack(">HH", 6, 1) + b"\xff" + b"\x02"


@pytest.fixture
def client(server):
    with closing(Client(server.port)) as client:
        assert client.ask(PRELOGIN, prelogin())[0] == 0
        assert 0xAD in client.ask(LOGIN, login_message())
        yield client


def text_parameter(text: str) -> bytes:
    data = utf16(text)
    return b"\0\0\xe7" + struct.pack("<H", 8000) + bytes.fromhex("0904d00034") + struct.pack("<H", len(data)) + data


def int_parameter(value: int | None, *, output: bool = False) -> bytes:
    data = b"\0" if value is None else b"\4" + struct.pack("<i", value)
    return bytes([0, output]) + b"\x26\4" + data


def test_a_reset_makes_a_session_as_it_was(client, server):
    assert bytes([ENVCHANGE]) in client.batch("USE master")
    assert bytes([ENVCHANGE]) in client.batch("BEGIN TRAN")
    reply = client.batch("SELECT 1", status=LAST | RESET)
    changed = [utf16("test") in reply, struct.pack("<BHB", ENVCHANGE, 3, 18) in reply, reply.count(b"\xe3\x0b\x00\x0a")]
    assert changed == [True, True, 1]  # the database, the reset, and the transaction that is rolled back
    assert server.seen.open == 1


def test_packets_of_any_size_make_one_request(client):
    sql = "SELECT 1" + " " * 50_000
    assert client.batch(sql, room=5)[0] == client.batch(sql)[0] == COLMETADATA


def test_a_wish_to_stop_that_comes_too_late_is_answered(client, server):
    client.batch("SELECT 1")
    assert client.ask(ATTENTION, b"") == struct.pack("<BHHQ", DONE, 0x20, 0, 0)
    assert server.seen.cancelled == 1


def test_bulk_load_and_cursors_are_refused_by_name(client):
    assert utf16("no bulk load") in client.ask(BULK_LOAD, b"\x81")
    assert utf16("no server cursors: sp_cursoropen") in client.call("sp_cursoropen", int_parameter(1))
    assert client.batch("SELECT 1")[0] == COLMETADATA


def test_parameters_of_other_types_are_refused_by_number(client):
    table_valued = b"\0\0\xf3"
    assert utf16("type with token 0xF3") in client.call("sp_executesql", table_valued)


def test_a_request_that_ends_too_early_ends_the_connection(client, server):
    assert utf16("protocol stream is incorrect") in client.ask(RPC, HEADERS + b"\x0a")
    assert client.receive() == b""
    assert server.seen.leaked() == 0


def test_transactions_have_no_save_points_by_request(client):
    save = struct.pack("<HB", 9, 1) + utf16("s")
    assert utf16("no transaction request 9") in client.ask(TRANSACTION, HEADERS + save)


@pytest.mark.parametrize(("action", "number"), [(7, 3902), (8, 3903)])
def test_there_must_be_a_transaction_to_end(client, action, number):
    reply = client.ask(TRANSACTION, HEADERS + struct.pack("<HBB", action, 0, 0))
    assert reply[0] == ERROR
    assert struct.unpack("<i", reply[3:7])[0] == number


def test_prepared_statements_live_until_they_are_let_go(client):
    prepared = client.call(
        "sp_prepare", int_parameter(None, output=True), text_parameter("@P1 int"), text_parameter("SELECT @P1")
    )
    assert prepared[0] == COLMETADATA
    for _ in range(2):
        assert b"\4\x2a\0\0\0" in client.call("sp_execute", int_parameter(1), int_parameter(42))
    assert client.call("sp_unprepare", int_parameter(1))[0] == 0x79
    for name in ("sp_execute", "sp_unprepare"):
        assert utf16("prepared statement with handle 1") in client.call(name, int_parameter(1))


def test_what_a_declaration_promises_must_come(client):
    given = [text_parameter("SELECT @a"), text_parameter("@a int, @b decimal(10, 2) OUTPUT")]
    assert utf16("expects the parameter '@b'") in client.call("sp_executesql", *given, int_parameter(1))
    assert utf16("too many arguments") in client.call("sp_executesql", *given, *[int_parameter(1)] * 3)
    assert utf16("no output parameters") in client.call("sp_executesql", *given, *[int_parameter(1, output=True)] * 2)
    assert utf16("Incorrect syntax near") in client.call("sp_executesql", given[0], text_parameter("@a in t t"))


def test_windows_logins_are_refused(server):
    with closing(Client(server.port)) as client:
        client.ask(PRELOGIN, prelogin())
        assert utf16("cannot be used with Integrated authentication") in client.ask(LOGIN, login_message(flags2=0x80))
        assert client.receive() == b""
    assert server.seen.refused == 1


def test_a_client_that_stops_in_the_middle_of_a_packet_is_let_go(server, client):
    client.socket.sendall(struct.pack(">BBHHBB", BATCH, LAST, 100, 0, 0, 0) + b"half")
    client.close()
    assert server.seen.leaked() == 0


def test_a_client_that_must_encrypt_and_cannot_is_dropped(server):
    server.encryption = "required"
    with closing(Client(server.port)) as client:
        assert client.ask(PRELOGIN, prelogin()) == b""


def test_nonsense_instead_of_tls_is_dropped(server):
    with closing(Client(server.port)) as client:
        client.ask(PRELOGIN, prelogin()[:-1] + b"\x01")
        client.send(PRELOGIN, b"this is no handshake")
        client.receive()
        assert client.receive() == b""
    assert server.seen.logins == 0


OLD = {  # parameters as older clients and other languages send them: the bytes after the name and status, and the value
    "int that is never null": (b"\x38\x07\0\0\0", 7),
    "float that is never null": (b"\x3e" + struct.pack("<d", 0.5), 0.5),
    "money": (b"\x6e\x08\x08" + struct.pack("<iI", 0, 15_000), Decimal("1.5000")),
    "old varchar": (b"\x27\x0a\x02\xe6a", "æa"),
    "old varbinary": (b"\x25\x0a\x02\x01\x02", b"\x01\x02"),
    "text": (b"\x23\xff\0\0\0" + LATIN + b"\x02\0\0\0\xe6a", "æa"),
    "text that is null": (b"\x23\xff\0\0\0" + LATIN + b"\xff\xff\xff\xff", None),
    "half a surrogate pair": (b"\xe7\x0a\0" + LATIN + b"\x02\0\x3d\xd8", "\ud83d"),
    "image": (b"\x22\xff\0\0\0\x02\0\0\0\x01\x02", b"\x01\x02"),
    "xml": (b"\xf1\0" + struct.pack("<QI", 8, 8) + utf16("<a/>") + bytes(4), "<a/>"),
    "sql_variant that is null": (b"\x62\x49\x1f\0\0\0\0\0\0", None),
}


@pytest.mark.parametrize("case", OLD)
def test_parameters_of_older_clients_are_read(client, server, case):
    data, value = OLD[case]
    client.call("sp_other", b"\0\0" + data)
    (parameter,) = server.seen.of("EXEC sp_other")[0].parameters
    assert parameter.value == value


@pytest.mark.parametrize("data", [b"\xf1\x01", b"\x62\x49\x1f\0\0\x05\0\0\0\x38\0\0\0\0\0"])
def test_parameters_that_the_server_cannot_read_are_refused(client, data):
    assert utf16("takes no") in client.call("sp_other", b"\0\0" + data)


@pytest.mark.parametrize("kind", [PRELOGIN, LOGIN])
def test_a_client_that_says_nonsense_at_its_login_is_dropped(server, kind):
    with closing(Client(server.port)) as client:
        if kind == LOGIN:
            client.ask(PRELOGIN, prelogin())
        assert client.ask(kind, b"\x05\0") == b""
    assert (server.seen.logins, server.seen.leaked()) == (0, 0)
