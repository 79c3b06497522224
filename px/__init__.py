"""px: a studio for the post-purchase experience. Where to look first: docs/map.md, then
px/flow.py.
"""

__version__ = "0.1.0"
