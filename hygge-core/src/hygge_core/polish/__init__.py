"""Last-mile polish: columns chosen, named and added on the way from home to store."""
