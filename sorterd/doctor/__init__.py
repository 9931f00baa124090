"""What a person would check when something does not work; nothing here changes anything."""
