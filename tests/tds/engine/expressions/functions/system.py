"""What a server says of itself: properties, names and numbers of objects, variables with @@."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import SqlError, SqlType, Variant
from tds.engine.expressions.compiled import Compiled, constant
from tds.engine.storage.tables import Table
from tds.engine.syntax.sources import name_parts
from tds.engine.syntax.tokens import Tokens


if TYPE_CHECKING:
    from collections.abc import Callable


INT, BIGINT, NAME = SqlType("int"), SqlType("bigint"), SqlType("nvarchar", length=128)
_VARIANT = SqlType("sql_variant")
PRODUCT_VERSION = "15.0.4000.0"
BANNER = (
    f"hygge test server (speaks T-SQL like Microsoft SQL Server 2019) - {PRODUCT_VERSION}\n\tDeveloper Edition (64-bit)"
)
_PROPERTIES = {
    "PRODUCTVERSION": PRODUCT_VERSION, "EDITION": "Developer Edition (64-bit)", "ENGINEEDITION": 3,
    "PRODUCTLEVEL": "RTM", "SERVERNAME": "HYGGE", "MACHINENAME": "HYGGE", "INSTANCENAME": None,
    "PRODUCTMAJORVERSION": "15", "PRODUCTMINORVERSION": "0", "ISHADRENABLED": 0, "ISCLUSTERED": 0,
    "LICENSETYPE": "DISABLED", "COLLATION": "SQL_Latin1_General_CP1_CI_AS",
}  # fmt: skip


def variable(context: Any, name: str) -> Compiled:
    """Return the value of a variable or parameter, or of a ``@@`` name. Raises `SqlError` 137."""
    if name.startswith("@@"):
        reader = _GLOBALS.get(name.upper())
        if reader is None:
            raise SqlError(
                137, f'Must declare the scalar variable "{name}" (or this server does not know it).', severity=15
            )
        type_, value = reader(context)
        return constant(type_, value)
    found = context.variables.get(name.lower())
    if found is None:
        raise SqlError(137, f'Must declare the scalar variable "{name}".', severity=15)
    return constant(*found)


_GLOBALS: dict[str, Callable[[Any], tuple[SqlType, Any]]] = {
    "@@VERSION": lambda _: (SqlType("nvarchar", length=300), BANNER),
    "@@SPID": lambda context: (SqlType("smallint"), context.session.id % 32_000),
    "@@TRANCOUNT": lambda context: (INT, context.memory.depth),
    "@@DBTS": lambda context: (SqlType("varbinary", length=8), context.database.last_rowversion.to_bytes(8, "big")),
    "@@SERVERNAME": lambda _: (NAME, "HYGGE"),
    "@@ROWCOUNT": lambda context: (INT, context.memory.row_count),
    "@@IDENTITY": lambda context: (SqlType("numeric", precision=38, scale=0), context.memory.last_identity),
    "@@ERROR": lambda _: (INT, 0),
    "@@LANGUAGE": lambda _: (NAME, "us_english"),
    "@@LOCK_TIMEOUT": lambda context: (INT, context.memory.lock_timeout_ms),
    "@@MAX_PRECISION": lambda _: (SqlType("tinyint"), 38),
    "@@MICROSOFTVERSION": lambda _: (INT, 0x0F000FA0),
    "@@OPTIONS": lambda _: (INT, 5496),
    "@@DATEFIRST": lambda _: (SqlType("tinyint"), 7),
    "@@TEXTSIZE": lambda _: (INT, -1),
    "@@SERVICENAME": lambda _: (NAME, "MSSQLSERVER"),
}


def _text(part: Compiled) -> str | None:
    if not part.constant:
        raise SqlError(40000, "this server knows functions of the catalogue only with constants, not with columns")
    value = part.value()
    return None if value is None else str(value)


def _variant(value: Any) -> Compiled:
    if value is None:
        return constant(_VARIANT, None)
    type_ = INT if isinstance(value, int) else NAME
    return constant(_VARIANT, Variant(type_, value))


def _server_property(_context: Any, name: Compiled) -> Compiled:
    return _variant(_PROPERTIES.get(str(_text(name)).upper()))


def _database_property(context: Any, database: Compiled, name: Compiled) -> Compiled:
    found = context.server.database(_text(database) or context.database.name)
    if found is None:
        return constant(_VARIANT, None)
    known = {"COLLATION": found.collation, "UPDATEABILITY": "READ_WRITE", "STATUS": "ONLINE", "RECOVERY": "SIMPLE",
             "USERACCESS": "MULTI_USER", "VERSION": 904, "EDITION": None, "SERVICEOBJECTIVE": None}  # fmt: skip
    return _variant(known.get(str(_text(name)).upper()))


def _db_name(context: Any, number: Compiled | None = None) -> Compiled:
    if number is None:
        return constant(NAME, context.database.name)
    found = [one.name for one in context.server.all_databases() if str(one.id) == _text(number)]
    return constant(NAME, found[0] if found else None)


def _db_id(context: Any, name: Compiled | None = None) -> Compiled:
    found = context.database if name is None else context.server.database(_text(name) or "")
    return constant(SqlType("smallint"), None if found is None else found.id)


def object_of(context: Any, name: str | None) -> Any:
    """Find a table or view by what stands in a text, None when there is none."""
    try:
        return None if name is None else context.find(name_parts(Tokens.of(name)))
    except SqlError:
        return None


def _object_id(context: Any, name: Compiled, kind: Compiled | None = None) -> Compiled:
    """Find the number of an object, of a row's own name too, since discovery asks so."""

    def number(text: str | None) -> int | None:
        found = object_of(context, text)
        wanted = None if kind is None else str(_text(kind)).strip().upper()
        if found is None or wanted not in {None, "U" if isinstance(found, Table) else "V"}:
            return None
        return int(found.id)

    run = name.run
    return Compiled(type=INT, run=lambda row: number(run(row)), constant=name.constant)


def _by_number(read: Callable[[Any], Any], type_: SqlType) -> Callable[..., Compiled]:
    def build(context: Any, number: Compiled, _database: Compiled | None = None) -> Compiled:
        def run(row: Any) -> Any:
            wanted = number.run(row)
            found = next((one for one in context.database.objects.values() if one.id == wanted), None)
            return None if found is None else read(found)

        return Compiled(type=type_, run=run, constant=number.constant)

    return build


def _schema_name(context: Any, number: Compiled | None = None) -> Compiled:
    if number is None:
        return constant(NAME, "dbo")
    names = dict(context.database.schemas.values())
    return Compiled(type=NAME, run=lambda row: names.get(number.run(row)), constant=number.constant)


def _schema_id(context: Any, name: Compiled | None = None) -> Compiled:
    found = context.database.schemas.get("dbo" if name is None else str(_text(name)).lower())
    return constant(INT, None if found is None else found[0])


def _has_perms(context: Any, securable: Compiled, kind: Compiled, permission: Compiled, *more: Compiled) -> Compiled:
    if more:
        raise SqlError(40000, "this server knows HAS_PERMS_BY_NAME without sub-securables")
    name, wanted = _text(securable), str(_text(permission)).upper()
    if str(_text(kind)).upper() != "OBJECT":
        return constant(INT, int(context.may(wanted, None)))
    if not securable.constant:
        raise SqlError(40000, "this server knows HAS_PERMS_BY_NAME only of constants")
    found = object_of(context, name)
    return constant(INT, None if found is None else int(context.may(wanted, found.id)))


def _text_of(read: Callable[[Any], str]) -> Callable[..., Compiled]:
    return lambda context, *_: constant(NAME, read(context))


def _min_active(context: Any) -> Compiled:
    value = context.database.min_active_rowversion().to_bytes(8, "big")
    return constant(SqlType("binary", length=8), value)


def _current_version(context: Any) -> Compiled:
    context.demand("change_tracking")
    if context.database.retention is None:
        return constant(BIGINT, None)
    return constant(BIGINT, context.transaction.moment().changes)


def _min_valid(context: Any, number: Compiled) -> Compiled:
    context.demand("change_tracking")

    def run(row: Any) -> int | None:
        wanted = number.run(row)
        tables = (one for one in context.database.objects.values() if isinstance(one, Table))
        tracked = [one.tracking.begin for one in tables if one.id == wanted and one.tracking is not None]
        return tracked[0] if tracked else None

    return Compiled(type=BIGINT, run=run)


def _identity(context: Any) -> Compiled:
    return constant(SqlType("numeric", precision=38, scale=0), context.memory.last_identity)


def _type_name(_context: Any, number: Compiled) -> Compiled:
    from tds.engine.catalogue.types import NAMES

    return Compiled(type=NAME, run=lambda row: NAMES.get(number.run(row)))


def _type_id(_context: Any, name: Compiled) -> Compiled:
    from tds.engine.catalogue.types import NAMES

    wanted = str(_text(name)).lower()
    return constant(INT, next((number for number, known in NAMES.items() if known == wanted), None))


def _connection_property(context: Any, name: Compiled) -> Compiled:
    known = {"NET_TRANSPORT": "TCP", "PROTOCOL_TYPE": "TSQL", "AUTH_SCHEME": "SQL", "CLIENT_NET_ADDRESS": "127.0.0.1"}
    del context
    return _variant(known.get(str(_text(name)).upper()))


def _variant_property(_context: Any, of: Compiled, name: Compiled) -> Compiled:
    wanted = str(_text(name)).upper()

    def run(row: Any) -> Any:
        value = of.run(row)
        if value is None:
            return None
        type_ = value.type if isinstance(value, Variant) else of.type
        found = {"BASETYPE": type_.name, "PRECISION": type_.precision, "SCALE": type_.scale,
                 "MAXLENGTH": type_.length, "COLLATION": type_.collation}.get(wanted)  # fmt: skip
        return None if found is None else Variant(INT if isinstance(found, int) else NAME, found)

    return Compiled(type=_VARIANT, run=run)


def _member(context: Any, role: Compiled, *_login: Compiled) -> Compiled:
    del context
    return constant(INT, int(str(_text(role)).lower() in {"sysadmin", "db_owner", "public"}))


def _object_property(context: Any, number: Compiled, name: Compiled) -> Compiled:
    wanted = str(_text(name)).upper()

    def read(found: Any) -> int | None:
        known = {"ISTABLE": isinstance(found, Table), "ISUSERTABLE": isinstance(found, Table),
                 "ISVIEW": not isinstance(found, Table), "ISMSSHIPPED": False,
                 "TABLEHASPRIMARYKEY": isinstance(found, Table) and any(key.primary for key in found.keys),
                 "TABLEHASIDENTITY": isinstance(found, Table) and found.next_identity is not None}  # fmt: skip
        return int(known[wanted]) if wanted in known else None

    return _by_number(read, INT)(context, number)


ASKING: dict[str, Callable[..., Compiled]] = {
    "SERVERPROPERTY": _server_property, "DATABASEPROPERTYEX": _database_property, "DB_NAME": _db_name, "DB_ID": _db_id,
    "OBJECT_ID": _object_id, "OBJECT_NAME": _by_number(lambda one: one.name, NAME),
    "OBJECT_SCHEMA_NAME": _by_number(lambda one: one.schema, NAME), "SCHEMA_NAME": _schema_name,
    "SCHEMA_ID": _schema_id, "HAS_PERMS_BY_NAME": _has_perms, "SUSER_SNAME": _text_of(lambda c: c.session.login),
    "HAS_DBACCESS": lambda context, name: constant(INT, int(context.server.database(_text(name) or "") is not None)),
    "SUSER_NAME": _text_of(lambda c: c.session.login), "ORIGINAL_LOGIN": _text_of(lambda c: c.session.login),
    "USER_NAME": _text_of(lambda c: c.session.login), "HOST_NAME": _text_of(lambda c: c.session.host),
    "APP_NAME": _text_of(lambda c: c.session.application), "MIN_ACTIVE_ROWVERSION": _min_active,
    "CHANGE_TRACKING_CURRENT_VERSION": _current_version, "CHANGE_TRACKING_MIN_VALID_VERSION": _min_valid,
    "SCOPE_IDENTITY": _identity, "TYPE_NAME": _type_name, "TYPE_ID": _type_id,
    "CONNECTIONPROPERTY": _connection_property, "SQL_VARIANT_PROPERTY": _variant_property, "IS_MEMBER": _member,
    "IS_SRVROLEMEMBER": _member,
    "XACT_STATE": lambda context: constant(SqlType("smallint"), int(context.memory.depth > 0)),
    "OBJECTPROPERTY": _object_property, "OBJECTPROPERTYEX": _object_property,
}  # fmt: skip
