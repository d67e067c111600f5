"""Who asks: every way of signing in to a storage account, each chosen by name and none guessed."""
