"""How the dtypes of Polars become types that a mirrored database has, each by a stated rule."""
