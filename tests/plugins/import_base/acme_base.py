"""Raises what is no Exception, and cannot say why."""

from __future__ import annotations


class Odd(BaseException):
    def __str__(self):
        raise RuntimeError


raise Odd
