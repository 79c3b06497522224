"""Templates with their versions: kept as they were, checked before, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from px.core.errors import InvalidInput
from px.core.work import reading, work
from px.messages import (
    NoSuchTemplate,
    TemplateInvalid,
    TemplateParts,
    archive_template,
    duplicate_template,
    free_key,
    save_template,
    template_by_key,
    template_history,
    template_list,
    template_versions,
    unarchive_template,
)

pytestmark = pytest.mark.usefixtures("database")
FIRST = TemplateParts("Hello {{ customer.first_name }}", "It is **here**.", "Here", "Da")
SECOND = TemplateParts("Hello again", "It is still here.")


def save(
    key: str, parts: TemplateParts, now: datetime, name: str = "Hello", by: str = "mara"
) -> int:
    with work() as session:
        return save_template(session, key, name, parts, by=by, now=now)


def test_saved_words_are_a_version_that_is_found_by_its_key(now: datetime) -> None:
    version = save("hello", FIRST, now)
    with reading() as session:
        assert template_versions(session, ["hello", "gone"]) == {"hello": (version, FIRST)}


def test_the_same_words_again_make_no_new_version(now: datetime) -> None:
    assert save("hello", FIRST, now) == save("hello", FIRST, now + timedelta(days=1), by="tom")
    with reading() as session:
        assert [(v.number, v.by) for v in template_history(session, "hello")] == [(1, "mara")]


def test_other_words_are_the_next_version_and_the_old_ones_stay(now: datetime) -> None:
    first = save("hello", FIRST, now)
    second = save("hello", SECOND, now + timedelta(hours=1), name="Hello there", by="tom")
    with reading() as session:
        assert template_versions(session, ["hello"]) == {"hello": (second, SECOND)}
        history = template_history(session, "hello")
        line, parts = template_by_key(session, "hello")
    assert [(v.id, v.number, v.parts, v.by, v.at) for v in history] == [
        (second, 2, SECOND, "tom", now + timedelta(hours=1)),
        (first, 1, FIRST, "mara", now),
    ]
    assert (line.name, line.subject, line.number, line.by, parts) == (
        "Hello there", "Hello again", 2, "tom", SECOND
    )  # fmt: skip


def test_old_words_come_back_as_a_new_version(now: datetime) -> None:
    save("hello", FIRST, now)
    save("hello", SECOND, now)
    save("hello", FIRST, now)
    with reading() as session:
        assert [v.parts for v in template_history(session, "hello")] == [FIRST, SECOND, FIRST]


def test_words_that_cannot_be_sent_are_not_kept(now: datetime) -> None:
    with pytest.raises(TemplateInvalid) as problem:
        save("hello", TemplateParts("x", "a\n{{ customer.nam }}"), now)
    assert (problem.value.part, problem.value.line, problem.value.variable) == (
        "body", 2, "customer.nam"
    )  # fmt: skip
    assert str(problem.value).startswith("body, line 2: customer.nam is not known.")
    with reading() as session:
        assert template_list(session) == []


@pytest.mark.parametrize("key", ["", "Hello", "a b", "a/b", "../x", "-a", "a" * 81, "é", "a\n"])
def test_a_key_is_small_letters_digits_and_hyphens(key: str, now: datetime) -> None:
    with pytest.raises(InvalidInput, match="is not a key for a template"):
        save(key, FIRST, now)


def test_a_name_is_one_line(now: datetime) -> None:
    save("hello", FIRST, now, name=" A\nname\x00 " + "x" * 300)
    save("other", FIRST, now, name="  ")
    with reading() as session:
        names = {line.key: line.name for line in template_list(session)}
    assert names["hello"].startswith("A name x")
    assert len(names["hello"]) == 200
    assert names["other"] == "other"


def test_a_copy_has_the_words_and_a_key_of_its_own(now: datetime) -> None:
    save("hello", FIRST, now)
    with work() as session:
        copies = [duplicate_template(session, "hello", by="tom", now=now) for _ in range(2)]
        copies.append(duplicate_template(session, "hello-copy", by="tom", now=now))
    assert copies == ["hello-copy", "hello-copy-2", "hello-copy-3"]
    with reading() as session:
        line, parts = template_by_key(session, "hello-copy")
    assert (line.name, line.number, parts) == ("Hello (copy)", 1, FIRST)


def test_an_archived_template_is_not_offered_but_goes_on_working(now: datetime) -> None:
    version = save("hello", FIRST, now)
    with work() as session:
        archive_template(session, "hello", now=now)
    with reading() as session:
        assert template_list(session) == []
        assert [line.key for line in template_list(session, archived=True)] == ["hello"]
        assert template_versions(session, ["hello"])["hello"][0] == version
    with work() as session:
        unarchive_template(session, "hello")
    with reading() as session:
        assert [line.key for line in template_list(session)] == ["hello"]


def test_saving_an_archived_template_offers_it_again(now: datetime) -> None:
    save("hello", FIRST, now)
    with work() as session:
        archive_template(session, "hello", now=now)
    save("hello", SECOND, now)
    with reading() as session:
        assert [line.key for line in template_list(session)] == ["hello"]


def test_a_template_that_is_not_there_is_said_so(now: datetime) -> None:
    with work() as session:
        for act in (
            lambda s: template_by_key(s, "gone"),
            lambda s: archive_template(s, "gone", now=now),
            lambda s: duplicate_template(s, "gone", by="x", now=now),
        ):
            with pytest.raises(NoSuchTemplate):
                act(session)


def test_a_key_is_made_from_a_name(now: datetime) -> None:
    save("care-tips", FIRST, now)
    save("care-tips-2", FIRST, now)
    with reading() as session:
        names = ("Care & tips!", "Ölwechsel 50%", "日本", "a_%")
        assert [free_key(session, name) for name in names] == [
            "care-tips-3", "olwechsel-50", "message", "a"
        ]  # fmt: skip


def test_the_list_is_by_name(now: datetime) -> None:
    for key, name in (("c", "beta"), ("a", "Gamma"), ("b", "Alpha")):
        save(key, FIRST, now, name=name)
    with reading() as session:
        assert [line.name for line in template_list(session)] == ["Alpha", "beta", "Gamma"]


def test_those_who_save_at_once_all_get_a_version(now: datetime) -> None:
    save("hello", FIRST, now)

    def write(number: int) -> int:
        return save("hello", TemplateParts(f"Hello {number}", "x"), now)

    with ThreadPoolExecutor(4) as pool:
        versions = list(pool.map(write, range(8)))
    assert len(set(versions)) == 8
    with reading() as session:
        assert [v.number for v in template_history(session, "hello")] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
