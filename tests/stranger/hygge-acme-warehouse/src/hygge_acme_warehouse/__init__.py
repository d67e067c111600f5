"""Acme's warehouse: tables in a server of their own, for hygge."""
