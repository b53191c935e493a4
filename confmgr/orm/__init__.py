"""The base of all tables, their column types, and the engine's settings."""
