"""A path has an address that readers outside can use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hygge_core.lake import HasLocalPaths
from hygge_core.testing.judge import needs


if TYPE_CHECKING:
    from hygge_core.lake import Lake


class AddressCases:
    """Records and messages name files by their addresses."""

    promise: ClassVar[str] = "a path has an address of its own, which shows no secret"
    secrets: ClassVar[tuple[str, ...]] = ()

    def test_every_path_has_an_address_of_its_own(self, lake: Lake) -> None:
        wanted = ["", "a", "b", "a/b", "a b", "a%20b"]
        addresses = [lake.url(path) for path in wanted]
        apart = all(addresses) and len(set(addresses)) == len(addresses)
        assert apart, f"broken promise: each path has an address of its own. They are {addresses}"

    def test_a_local_path_leads_to_the_file(self, lake: Lake) -> None:
        needs(isinstance(lake, HasLocalPaths), "the lake is not on this machine")
        assert isinstance(lake, HasLocalPaths)
        lake.put("fol der/fi%20le", b"tea")
        path = Path(lake.local_path("fol der/fi%20le"))
        assert path.is_absolute(), f"broken promise: a local path is absolute, not {path}"
        assert path.read_bytes() == b"tea", "broken promise: a local path leads to the file"

    def test_secrets_never_show(self, lake: Lake) -> None:
        needs(bool(self.secrets), "the lake's settings hold no secrets")
        shown = [repr(lake), str(lake), lake.url(""), lake.url("a/b"), repr(lake.abilities), *_errors(lake)]
        for secret in self.secrets:
            leaks = [text for text in shown if secret in text]
            assert not leaks, (
                f"broken promise: secrets never show; look at {[leak.replace(secret, '***') for leak in leaks]}"
            )


def _errors(lake: Lake) -> list[str]:
    """Return what the errors say of files that are missing and names that are taken."""
    lake.put("taken", b"1")
    texts = []
    for ask in (lambda: lake.read("nothing"), lambda: lake.put("taken", b"2", if_absent=True)):
        try:
            ask()
        except OSError as error:
            texts += [str(error), repr(error), repr(vars(error)), repr(error.__cause__)]
    return texts
