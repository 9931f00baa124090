"""The child's side: jobs and what they need."""
