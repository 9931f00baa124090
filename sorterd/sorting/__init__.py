"""From predictions to moves."""
