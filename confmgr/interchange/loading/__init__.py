"""A data file, entry by entry, through the services that the pages use."""
