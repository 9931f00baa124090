"""Tables and pages for users."""
