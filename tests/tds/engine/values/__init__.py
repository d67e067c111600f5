"""The values of T-SQL types: how they are compared, and how one becomes another."""
