"""Expressions made into functions of a row, with the type that a server gives them."""
