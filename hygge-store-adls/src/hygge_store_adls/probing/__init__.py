"""Examining an account for ``hygge debug``: what stands between here and it, and who asks."""
