"""Store parquet for hygge: tables settle as Parquet on a local disk, switched at once."""
