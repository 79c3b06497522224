"""The demo shop: Fern & Fable, 300 made-up customers, eighteen months, two running journeys.

`fill_demo` moves it into an empty px; `is_empty` says whether it may. It is made by the verbs of
the slices, in a database of its own first. Rows: none of its own. Errors: NotEmpty, OnlyInSandbox.
"""

from px.demo.moving import NotEmpty, OnlyInSandbox, fill_demo, is_empty
from px.demo.shop import Filled

__all__ = ["Filled", "NotEmpty", "OnlyInSandbox", "fill_demo", "is_empty"]
