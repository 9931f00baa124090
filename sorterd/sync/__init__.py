"""What is on disk becomes what is known."""
