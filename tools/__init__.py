"""What is only needed while developing."""
