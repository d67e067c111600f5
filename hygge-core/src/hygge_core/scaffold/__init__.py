"""New packages for stores, homes and lakes, rendered from a whole one that is called acme.

The templates are real packages: their text becomes another package by putting its name in the place of ``acme``.
"""
