"""The demo shop: Fern & Fable, 300 made-up customers, eighteen months, two running journeys.

`fill_demo` writes it into an empty px through the verbs of the slices; `is_empty` says whether it
may. Rows: none of its own. Errors: NotEmpty, OnlyInSandbox.
"""

from px.demo.shop import Filled, NotEmpty, OnlyInSandbox, fill_demo, is_empty

__all__ = ["Filled", "NotEmpty", "OnlyInSandbox", "fill_demo", "is_empty"]
