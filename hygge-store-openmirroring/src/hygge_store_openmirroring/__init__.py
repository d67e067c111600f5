"""Store open_mirroring for hygge: tables settle in the landing zone of a Microsoft Fabric mirrored database."""
