"""Texts for translators: files out and in again, and what is refused of what comes back."""
