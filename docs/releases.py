"""What git knows of the releases of hygge-core."""

from __future__ import annotations

import subprocess
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version


if TYPE_CHECKING:
    from pathlib import Path


TAG = "hygge-core-"


def newest_release(root: Path) -> str:
    """Return the tag of the newest release, or nothing before the first."""
    tags = {tag: version_of(tag) for tag in git(root, "tag", "--list", f"{TAG}*").decode().split()}
    released = {tag: version for tag, version in tags.items() if version and not version.is_prerelease}
    return max(released, key=released.__getitem__, default="")


def extract(root: Path, tag: str, folder: Path, *paths: Path) -> None:
    """Write some files and folders of a release into a folder."""
    archive = git(root, "archive", "--format=zip", tag, *(path.as_posix() for path in paths))
    zipfile.ZipFile(BytesIO(archive)).extractall(folder)


def version_of(tag: str) -> Version | None:
    """Return the version that a tag names, None where it names none."""
    try:
        return Version(tag.removeprefix(TAG))
    except InvalidVersion:
        return None


def git(root: Path, *words: str) -> bytes:
    """Ask git. Raises `CalledProcessError` where there is no repository."""
    command = ["git", "-C", str(root), *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603 - our own words
