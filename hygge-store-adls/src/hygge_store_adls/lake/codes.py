"""The answers of the storage service, sorted by what they mean to a lake."""

from __future__ import annotations

from typing import Final


UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
THROTTLED: Final = 429

DOUBTFUL: Final = frozenset({408, 500, 502, 503, 504})
"""Statuses that pass by themselves, and after which the request may have been carried out all the same."""

PASSING: Final = frozenset(
    {
        "DestinationPathIsBeingDeleted",
        "SourcePathIsBeingDeleted",
        "PathIsBeingDeleted",
        "BlobBeingDeleted",
        "ContainerBeingDeleted",
        "FilesystemBeingDeleted",
        "Md5Mismatch",
        "Crc64Mismatch",
        "LeaseIsBreakingAndCannotBeAcquired",
    }
)
"""Codes of other statuses that pass by themselves, nothing having been carried out."""

NO_CONTAINER: Final = frozenset({"ContainerNotFound", "FilesystemNotFound"})

NOT_EMPTY: Final = frozenset({"DirectoryNotEmpty", "DirectoryIsNotEmpty"})

MISSING: Final = frozenset({"404"})

TAKEN: Final = frozenset({"PathAlreadyExists", "BlobAlreadyExists", "ResourceAlreadyExists", "304", "412"})
"""Codes of a name that was to be free, and the statuses of any other condition that does not hold."""

HELD: Final = frozenset(
    {
        "LeaseAlreadyPresent",
        "LeaseIdMissing",
        "LeaseIdMismatch",
        "LeaseIdMismatchWithBlobOperation",
        "LeaseIdMismatchWithLeaseOperation",
        "LeaseLost",
        "LeaseNotPresent",
        "LeaseNotPresentWithBlobOperation",
        "LeaseNotPresentWithLeaseOperation",
    }
)
"""Codes of a file that somebody else holds, or that this lake holds no longer."""

WRONG_KIND: Final = frozenset(
    {
        "PathConflict",
        "ResourceTypeMismatch",
        "InvalidSourceOrDestinationResourceType",
        "InvalidDestinationPath",
        "InvalidRenameSourcePath",
        "InvalidBlobType",
    }
)
"""Codes of a file where a folder should be, or the other way round."""
