"""What leaves as a file to work on. Made from reports that already hold what their reader may see."""
