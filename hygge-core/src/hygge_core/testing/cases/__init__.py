"""What the kit asks of plugins, one folder for each contract."""
