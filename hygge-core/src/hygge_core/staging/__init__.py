"""Staged commit for file-shaped stores: one implementation over any lake.

A store package makes a `FileStore` from a lake, a layout and its options, and is done.
"""
