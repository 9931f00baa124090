"""The pictures of the documentation, made with the program itself."""
