"""Homes parquet, csv and ndjson for hygge: tables from files, folders, globs and archives."""
