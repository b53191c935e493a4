"""The automatic schedule on the board: started, watched, drawn as a difference, taken in whole or in part."""
