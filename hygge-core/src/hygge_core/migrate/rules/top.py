"""Rules for hygge.yml, but for its connections."""

from __future__ import annotations

from hygge_core.migrate.rules.rule import Area, dropped, kept, renamed
from hygge_core.migrate.rules.values import truth, whole


PROJECT = Area(
    name="`hygge.yml`",
    rules=(
        kept("name"),
        dropped("flows_dir", "flows are in hygge.toml or in the folder flows, always"),
        kept(
            "options.concurrency",
            "the original ran 8 at once whatever it said (defect 16); now it counts",
            convert=whole,
        ),
        kept(
            "options.continue_on_error",
            "the original stopped at the first failure whatever it said (defect 16); true is the default now",
            convert=truth,
        ),
        dropped("connections", "where it is empty, it says nothing"),
        dropped("options.log_level", "say it on the command line: --verbose, --quiet or --debug"),
        renamed(
            "journal.path",
            "options.journal",
            "one journal for the whole project; the original's own file stays where it is and is not read",
        ),
        dropped(
            "journal.location",
            "the journal is one for the project, beside hygge.toml, where no reader takes it for data (defect 15)",
        ),
    ),
)
