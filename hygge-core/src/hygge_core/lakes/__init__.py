"""Lakes that core brings; others come with the packages of their stores."""
