"""The cases of `hygge_core.testing.StoreContract`, one module for each promise."""
