"""Drawings of bases, moves and joint actions: a map and a time line, the same in browsers and documents."""

from confmgr.outcomes.drawings.lines import TimeLine, time_line
from confmgr.outcomes.drawings.maps import Map, dot_map

__all__ = ["Map", "TimeLine", "dot_map", "time_line"]
