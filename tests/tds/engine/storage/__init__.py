"""Tables kept in versions that never change: each reader has its own moment, and writers add the next one."""
