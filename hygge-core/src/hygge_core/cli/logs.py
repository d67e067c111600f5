"""Log records of plugins and libraries, brought to standard error through the redactor."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TextIO, cast

import structlog


if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from structlog.types import Processor

    from hygge_core.cli.redaction import Redactor
    from hygge_core.cli.session import Session


def configure_logs(session: Session) -> None:
    """Send every log record, of structlog and of the standard library, to standard error.

    Warnings and worse are shown, with ``--debug`` everything, tracebacks included.  With
    ``--output json`` each record is one JSON line.
    """
    level = logging.DEBUG if session.debug else logging.WARNING
    before = _shared(session.redactor)
    handler = logging.StreamHandler(cast("TextIO", session.err))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _redaction(session.redactor),
                _renderer(session),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    # Every retry is told as an event already.
    logging.getLogger("stamina").setLevel(logging.DEBUG if session.debug else logging.ERROR)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _shared(redactor: Redactor) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _redaction(redactor),
    ]


def _redaction(redactor: Redactor) -> Processor:
    def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key in [key for key in event if not key.startswith("_") and key != "exc_info"]:
            event[key] = redactor.value(event[key])
        return event

    return redact


def _renderer(session: Session) -> Processor:
    if session.output == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=session.err.colourful, exception_formatter=structlog.dev.plain_traceback
    )
