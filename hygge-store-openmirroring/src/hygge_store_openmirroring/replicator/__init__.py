"""A replicator that takes a landing zone into tables as the service would, with its strictness and its silences."""
