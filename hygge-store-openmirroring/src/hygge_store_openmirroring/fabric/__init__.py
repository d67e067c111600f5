"""Microsoft Fabric's REST interface, as far as it makes, starts and describes mirrored databases."""
