"""Extraction on other machines: who may take part, what is said, and the processes on both sides."""
