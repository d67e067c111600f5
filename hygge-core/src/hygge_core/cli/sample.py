"""The project that ``hygge init`` writes: small, and complete enough to run."""

from __future__ import annotations

import json


_PROJECT = """\
#:schema ./hygge.schema.json
# A hygge project. `hygge go` moves the tables below, `hygge plan` says what it would do.
name = {name}

[options]
concurrency = 4     # how many tables move at once

# A flow: one kind of home, one kind of store, and the tables that move between them. This one replaces tables whole.
[flows.cupboard]
run_type = "full_drop"
home = {{ type = "csv", path = "sample/{{entity}}.csv" }}
store = {{ type = "parquet", path = "settled/{{entity}}" }}
entities = ["teas"]

# The last touch on the way: column names such as "Steep Minutes" become steep_minutes.
[flows.cupboard.polish.columns]
case = "snake"

# This one moves only what is new: add an evening to sample/evenings.csv and run `hygge go` again.
[flows.diary]
run_type = "incremental"
watermark = {{ column = "Day", key = ["Day"] }}     # what is new lies above the last Day; a row is named by its key
home = {{ type = "csv", path = "sample/{{entity}}.csv" }}
store = {{ type = "parquet", path = "settled/{{entity}}" }}
entities = ["evenings"]

[flows.diary.polish.columns]
case = "snake"
"""

_TEAS = """\
Tea Id,Name,Steep Minutes,Degrees C,Caffeine
1,Rooibos,6,98.5,false
2,Sencha,2,75.0,true
3,Chamomile,5,95.0,false
4,"Earl Grey, decaf",4,96.0,false
5,Masala Chai,7,100.0,true
"""

_EVENINGS = """\
Day,Tea Id,Cups,Candles Lit,Note
2024-11-01,1,2,3,first frost
2024-11-02,5,4,6,friends came over
2024-11-03,3,1,1,
2024-11-04,2,2,0,"rain, all day"
2024-11-05,1,3,4,a new blanket
2024-11-06,4,2,2,
2024-11-07,5,5,8,"board games, until late"
"""


def sample_files(name: str) -> dict[str, str]:
    """Give the text of each file of a new project by its path, ``/`` between folders."""
    return {
        "hygge.toml": _PROJECT.format(name=json.dumps(name, ensure_ascii=False)),
        "sample/teas.csv": _TEAS,
        "sample/evenings.csv": _EVENINGS,
    }
