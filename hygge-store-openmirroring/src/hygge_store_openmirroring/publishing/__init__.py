"""Publishing a recorded commit into a landing zone: whole at any moment, and never a name twice."""
