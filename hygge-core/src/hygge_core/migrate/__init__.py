"""A project of the original hygge (0.6.5, YAML) as one of this hygge (TOML), with what became of each of its keys.

YAML files are read into nodes that know their lines (`reading`, `project`), each table gets everything that is said of
it (`merging`), rules say what becomes of every key (`rules`, applied by `translating`), and what all tables of a flow
share is written once (`factoring`, `toml`).  `migration` puts it together.
"""
