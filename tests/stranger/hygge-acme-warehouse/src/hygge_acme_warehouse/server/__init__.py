"""The server of a warehouse: a socket, a password and a file of SQLite."""
