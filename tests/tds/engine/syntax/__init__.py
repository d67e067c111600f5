"""T-SQL read into a tree: the part of the language that hygge and its tests write, and nothing else."""
