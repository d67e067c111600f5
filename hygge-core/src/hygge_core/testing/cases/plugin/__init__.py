"""The cases of `hygge_core.testing.PluginContract`, one module for each promise."""
