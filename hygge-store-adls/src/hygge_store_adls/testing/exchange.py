"""What is known of one request while it is served: how far it came, and which faults it meets when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field


if TYPE_CHECKING:
    from hygge_store_adls.testing.faults import Fault, When
    from hygge_store_adls.testing.wire import Request


@define
class Exchange:
    """One request so far. ``status`` is 0 until it is answered; ``received`` and ``sent`` count bytes of bodies."""

    request: Request
    operation: str = "unknown"
    mutating: bool = False
    faults: list[Fault] = field(factory=list)
    status: int = 0
    code: str = ""
    received: int = 0
    sent: int = 0

    @property
    def has_body(self) -> bool:
        """Tell whether the request brings a body."""
        return self.request.headers.get("content-length", "0") != "0"

    def moment(self, fault: Fault) -> When:
        """Return when a fault strikes: an answer cannot be sent in the middle of a body, so a status comes after it."""
        return "before" if fault.moment == "during" and fault.what == "status" else fault.moment

    def cuts(self) -> list[Fault]:
        """Return the faults that strike in the middle of the request's body, or of the answer to one without."""
        return [fault for fault in self.faults if self.moment(fault) == "during"]

    def got(self, size: int) -> None:
        """Note how much of the body is here."""
        self.received = size

    def gave(self, size: int) -> None:
        """Note how much of the answer is out."""
        self.sent = size
