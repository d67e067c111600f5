"""Home sqlite for hygge: tables and queries of SQLite files, typed, from one snapshot."""
