"""What is used and will go, told once at the end of a command, on one line each."""

from __future__ import annotations

import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from hygge_core.deprecation import HyggeDeprecationWarning


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.cli.session import Session


@contextmanager
def telling_deprecations(session: Session) -> Iterator[None]:
    """Gather the warnings of the body and tell them after it, whatever becomes of it.

    Python hides such warnings from all but their authors, while here the user is the author of the project.
    Whoever asks Python for something else, by ``-W`` or ``PYTHONWARNINGS``, gets that.
    """
    told: dict[str, None] = {}
    with warnings.catch_warnings():
        if not sys.warnoptions:
            warnings.simplefilter("always", HyggeDeprecationWarning)
        show = warnings.showwarning

        def gather(  # noqa: PLR0913, PLR0917 - the signature is Python's
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if issubclass(category, HyggeDeprecationWarning):
                told[f"{filename}:{lineno}: {message}"] = None
            else:
                show(message, category, filename, lineno, file, line)

        warnings.showwarning = gather
        try:
            yield
        finally:
            for text in told:
                session.warn(text)
