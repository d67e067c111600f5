"""Queries made into plans: sources, conditions, groups, order, and the rows that come of them."""
