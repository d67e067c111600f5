"""What becomes of every key of the original, as data: one table for each area of its configuration."""
