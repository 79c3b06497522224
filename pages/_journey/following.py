"""What the draft asks of the format: a YAML text as data, a document in its normal form."""

from px.core.errors import InvalidInput
from px.journeys import editing, reading


def data_of_yaml(text: str, key: str) -> editing.Data:
    """The document that the text holds. InvalidInput when it is none."""
    return editing.from_yaml(text, key=key)


def said(error: InvalidInput) -> str:
    """What is wrong, a line for each problem."""
    if isinstance(error, reading.InvalidJourney):
        return "\n".join(f"- {problem}" for problem in error.problems[:10])
    return f"- {error}"


def normal(data: editing.Data) -> editing.Data | None:
    """The document as it would be stored, None while it cannot be."""
    try:
        return reading.to_data(reading.read_document(data))
    except InvalidInput:
        return None
