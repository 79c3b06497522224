"""The whole check of a template before it is kept: Liquid, Markdown, limits, and a trial run."""

from dataclasses import asdict

from px.core.errors import InvalidInput
from px.messages.body.markdown import read_body
from px.messages.context import Brand
from px.messages.liquid.checks import TemplateProblem, check_source
from px.messages.liquid.pieces import Malformed
from px.messages.liquid.program import TemplateFailed
from px.messages.render import TemplateParts, render
from px.messages.sample import typical_context

LONGEST = {"subject": 1_000, "body": 50_000, "sms": 5_000, "whatsapp": 10_000}
_TRIES = (("subject", "webchat"), ("body", "email"), ("sms", "sms"), ("whatsapp", "whatsapp"))


class TemplateInvalid(InvalidInput):
    """The words of a template cannot be sent; `problems` has all that is wrong with them."""

    def __init__(self, problems: list[TemplateProblem]) -> None:
        """The text is the first problem, with its part and line."""
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{first.part}, line {first.line}: {first.message}{more}")
        self.problems = problems
        self.part, self.line, self.variable = first.part, first.line, first.variable


def check_template(parts: TemplateParts) -> list[TemplateProblem]:
    """Everything that is wrong with these words; empty when they can be sent."""
    problems: list[TemplateProblem] = []
    for part, source in asdict(parts).items():
        problems += _too_long(part, source) or check_source(part, source)
    if not any(problem.part == "body" for problem in problems):
        problems += _check_body(parts.body)
    return problems or _trial(parts)


def _too_long(part: str, source: str) -> list[TemplateProblem]:
    if len(source) <= LONGEST[part]:
        return []
    return [
        TemplateProblem(part, 1, None, f"The text is longer than {LONGEST[part]:,} characters.")
    ]


def _check_body(source: str) -> list[TemplateProblem]:
    try:
        refused = read_body(source).refused
    except Malformed as problem:
        return [TemplateProblem("body", problem.line, None, str(problem))]
    return [
        TemplateProblem(
            "body",
            source.count("\n", 0, max(source.find(address), 0)) + 1,
            None,
            f"The link to '{address[:60]}' leads nowhere in a mail."
            " An address begins with https://, mailto:, tel: or a variable such as {{ shop.url }}.",
        )
        for address in dict.fromkeys(refused)
    ]


def _trial(parts: TemplateParts) -> list[TemplateProblem]:
    # A template that would go on for ever does so for the typical customer too.
    for part, channel in _TRIES:
        tried = TemplateParts(
            **{name: text if name == part else "" for name, text in asdict(parts).items()}
        )
        try:
            render(tried, typical_context(), channel, Brand())
        except TemplateFailed as problem:
            return [TemplateProblem(part, 1, None, str(problem))]
    return []
