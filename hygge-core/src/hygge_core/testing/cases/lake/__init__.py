"""The cases of `hygge_core.testing.LakeContract`, one module for each promise."""
