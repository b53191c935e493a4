"""Small values that every room shares: translated words, planned times, languages."""
