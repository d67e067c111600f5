"""Write the map of all modules into ARCHITECTURE.md, from the first line of each module.

python docs/modules.py            # a test fails when this would change something
"""

from __future__ import annotations

import ast
from pathlib import Path


ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- modules -->\n", "<!-- end of modules -->"


def main() -> None:
    """Put the map where the page has the old one."""
    PAGE.write_text(page(), "utf-8", newline="\n")


def page() -> str:
    """Return ARCHITECTURE.md as it should be."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    packages = sorted(file.parent for file in ROOT.glob("hygge-*/pyproject.toml"))
    return before + BEGIN + "\n".join(map(section, packages)) + "\n" + END + after


def section(package: Path) -> str:
    """List the modules of a package, folder by folder, each with what it says of itself."""
    source = package / "src" / package.name.replace("-", "_")
    folders = [source, *sorted(file.parent for file in source.rglob("__init__.py") if file.parent != source)]
    lists = [listed(folder, source) for folder in folders]
    return f"\n### {package.name}\n\n" + "\n".join(lists)


def listed(folder: Path, source: Path) -> str:
    """List the modules of one folder."""
    place = folder.relative_to(source.parent).as_posix()
    modules = [file for file in sorted(folder.glob("*.py")) if not file.name.startswith("__")]
    lines = [f"**`{place}/`** {summary(folder / '__init__.py')}\n", *[f"- `{m.name}` {summary(m)}" for m in modules]]
    return "\n".join(lines) + "\n"


def summary(module: Path) -> str:
    """Return the first sentence of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return " ".join(docstring.partition("\n\n")[0].split()).replace("``", "`")


if __name__ == "__main__":
    main()
