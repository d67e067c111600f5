"""The cases of `hygge_core.testing.HomeContract`, one module for each promise."""
