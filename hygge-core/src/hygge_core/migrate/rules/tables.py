"""Rules for what a flow, its defaults and its entities say beside home and store."""

from __future__ import annotations

from hygge_core.migrate.rules.rule import Area, dropped, kept, renamed
from hygge_core.migrate.rules.values import listed, one_of


_NOT_READ = "the original never read it; {}"

_TABLE = (
    kept("run_type", convert=one_of("full_drop", "incremental", fix='choose "full_drop", "append" or "incremental"')),
    renamed("watermark.watermark_column", "watermark.column"),
    renamed(
        "watermark.primary_key",
        "watermark.key",
        "columns that name a row; rows at the last mark are read again and told apart by it (defect 14)",
        convert=listed,
    ),
    dropped("journal.*", "there is one journal for the whole project: options.journal"),
)

FLOW = Area(
    name="`flow.yml`",
    rules=(
        dropped("name", "a flow is called by its folder; the original did not read it"),
        dropped("queue_size", "the queue is bounded in bytes: options.max_memory"),
        dropped("timeout", "the original never used it (defect 8); connections have timeouts of their own"),
        dropped("options.*", "queues are bounded by options.max_memory, waiting by the timeouts of connections"),
        *_TABLE,
    ),
)

ENTITY = Area(
    name="`entities/*.yml` and `defaults`",
    rules=(
        kept("name"),
        *_TABLE,
        dropped("full_drop", _NOT_READ.format("run_type says it")),
        dropped("columns", _NOT_READ.format("polish.select chooses columns")),
        dropped("key_column", _NOT_READ.format("watermark.key names the key")),
        dropped("source_config.*", _NOT_READ.format("where of a home of type mssql chooses rows")),
    ),
)
