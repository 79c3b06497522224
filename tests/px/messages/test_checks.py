"""The check of a template before it is kept: part, line, variable, and what is known near it."""

import pytest

from px.messages import TemplateParts, TemplateProblem, catalogue, check_template, starters
from px.messages.liquid.filters import FILTERS


def problems(body: str = "", subject: str = "Hello", **parts: str) -> list[TemplateProblem]:
    return check_template(TemplateParts(subject=subject, body=body, **parts))


def test_an_unknown_variable_is_named_with_its_place_and_the_nearest_known() -> None:
    (problem,) = problems("Hello,\n\n{{ customer.frist_name }}")
    assert (problem.part, problem.line, problem.variable) == ("body", 3, "customer.frist_name")
    assert problem.message.startswith(
        "customer.frist_name is not known. Did you mean customer.first_name or"
    )
    assert "Known: customer.id, customer.first_name, customer.last_name" in problem.message


@pytest.mark.parametrize(
    ("source", "variable"),
    [
        ("{{ first_name }}", "first_name"),
        ("{{ 'a' | append: custmer.name }}", "custmer.name"),
        ("{% if order.first %}x{% endif %}", "order.first"),
        ("{% if order.is_first and custmer %}x{% endif %}", "custmer"),
        ("{% unless shipment.eta == 1 %}x{% endunless %}", "shipment.eta"),
        ("{% case order.state %}{% when 1 %}x{% endcase %}", "order.state"),
        ("{% case order.id %}{% when ordr.id %}x{% endcase %}", "ordr.id"),
        ("{% for line in order.items %}x{% endfor %}", "order.items"),
        ("{% for i in (1..order.count) %}x{% endfor %}", "order.count"),
        ("{% for line in order.lines %}{{ line.title }}{% endfor %}", "line.title"),
        ("{% for l in order.lines %}x{% endfor %}{{ l.name }}", "l.name"),
        ("{{ forloop.index }}", "forloop.index"),
        ("{% assign x = customer.nam %}{{ x }}", "customer.nam"),
        ("{% assign x = order.lines | first %}{{ x.title }}", "x.title"),
        ("{% capture x %}{{ shop.nam }}{% endcapture %}", "shop.nam"),
        ("{{ order.lines[0].title }}", "order.lines[0].title"),
        ("{{ customer.tags.first.name }}", "customer.tags.first.name"),
        ("{{ customer[order.number] }}", "customer[order.number]"),
        ("{{ settings.smtp_password }}", "settings.smtp_password"),
        ("{{ customer.__class__ }}", "customer.__class__"),
        ("{{ order }}", "order"),
        ("{{ order.lines }}", "order.lines"),
    ],
)
def test_no_unknown_variable_passes_wherever_it_stands(source: str, variable: str) -> None:
    assert [p.variable for p in problems(source)] == [variable]
    assert [p.variable for p in problems(sms=source)] == [variable]


@pytest.mark.parametrize(
    "source",
    [
        "{{ customer.traits.skin_type }} {{ customer.traits.a.b }} {{ event.data.reason }}",
        "{% for line in order.lines %}{{ forloop.index }} {{ line.name }}{% endfor %}",
        "{% for t in customer.tags %}{{ t | upcase }}{% endfor %}",
        "{% for a in order.lines %}{% for b in order.skus %}{{ forloop.parentloop.index }}"
        "{% endfor %}{% endfor %}",
        "{% assign n = order.lines | size %}{{ n }}",
        "{% capture who %}{{ customer.name }}{% endcapture %}{{ who }}",
        "{% for i in (1..3) %}{{ last }}{% assign last = i %}{% endfor %}",
        "{{ order.lines.first.name }} {{ order.lines[0].sku }} {{ order.lines.size }}",
        "{{ order.lines | where: 'sku', 'A' | map: 'name' | join: ', ' }}",
        "{{ answer }} {{ answer | default: 'none', allow_false: true }} {{ customer['email'] }}",
        "{{ order.placed_on | date: '%d.%m.%Y' }} {{ order.total_minor | money }}",
        "{% comment %}{{ anything.goes }}{% endcomment %}",
    ],
)
def test_what_is_known_passes(source: str) -> None:
    assert problems(source) == []


def test_every_variable_of_the_catalogue_is_known_to_the_checker() -> None:
    for variable in catalogue():
        path = variable.path.replace(".*", ".anything")
        if "[]" in path:
            items, name = path.split("[].")
            source = f"{{% for one in {items} %}}{{{{ one.{name} }}}}{{% endfor %}}"
        else:
            source = f"{{{{ {path} }}}}"
        assert problems(source) == [], variable.path
        assert variable.meaning.endswith(".")


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_known_to_the_checker(name: str) -> None:
    found = [p.message for p in problems(f"{{{{ customer.name | {name} }}}}")]
    assert not any("not known" in message for message in found)


def test_an_unknown_filter_is_named_with_the_nearest() -> None:
    (problem,) = problems("{{ customer.name | upcas }}")
    assert problem.message == "The filter 'upcas' is not known. Known: upcase."


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{{ 'x' | append }}", "The filter 'append' does not take what it is given here."),
        (
            "{{ 'now' | date: '%Y' }}",
            "'date' needs a date of the order or shipment, such as order.placed_on.",
        ),
        (
            "{% for l in order.lines limit: 'a' %}{% endfor %}",
            "limit and offset of a loop are numbers.",
        ),
        ("{% render 'x' %}", "{% render %} is not available in a message."),
        ("{% for i in (1..1000000000) %}x{% endfor %}", "it goes on for too long"),
        ("{{ 5 | divided_by: 0 }}", "divides by zero"),
        ("{{ ''.__class__ }}", "In {{ ''.__class__ }} something does not belong there;"),
        ("{{ customer.name | attr: '__class__' }}", "The filter 'attr' is not known."),
        ("{{ customer.name | px_address }}", "The filter 'px_address' is not known."),
    ],
)
def test_what_could_not_be_sent_is_refused_when_it_is_saved(source: str, sentence: str) -> None:
    assert sentence in problems(source)[0].message


def test_every_part_has_a_limit() -> None:
    long = problems(body="a" * 50_001, subject="s" * 1_001, sms="m" * 5_001, whatsapp="w" * 10_001)
    assert [p.part for p in long] == ["subject", "body", "sms", "whatsapp"]
    assert long[1].message == "The text is longer than 50,000 characters."


def test_a_link_that_leads_nowhere_is_named_with_its_line() -> None:
    (problem,) = problems("Hello\n\n[x](javascript:alert(1))")
    assert (problem.part, problem.line) == ("body", 3)
    assert problem.message.startswith("The link to 'javascript:alert(1)' leads nowhere in a mail.")


def test_formatting_that_crosses_a_condition_is_named_with_its_line() -> None:
    (problem,) = problems("Hello\n\na **b {% if answer %}c** d{% endif %}")
    assert (problem.line, problem.variable) == (3, None)


def test_every_problem_is_said_at_once() -> None:
    found = problems("{{ a }}\n{{ b | nope }}\n{{ customer.x }}", subject="{{ c }}")
    assert [(p.part, p.line) for p in found] == [
        ("subject", 1),
        ("body", 1),
        ("body", 2),
        ("body", 2),
        ("body", 3),
    ]


def test_the_ready_texts_are_without_a_problem() -> None:
    assert [s.key for s in starters()] == [
        "order-confirmed", "shipped", "delivered", "how-to", "review-request"
    ]  # fmt: skip
    for starter in starters():
        assert check_template(starter.parts) == [], starter.key
        assert starter.parts.sms
