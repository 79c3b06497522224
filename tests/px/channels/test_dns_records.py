"""What the records of a domain mean for its mail, with the name server played by a dictionary."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from px.channels.dns_records import LookUp, Record, check_records


def key(bits: int) -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    der = made.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


GOOD = {
    ("fern.example", "TXT"): ["google-site-verification=x", "v=spf1 include:mail.example ~all"],
    ("mail.example", "TXT"): ["v=spf1 ip4:192.0.2.0/24 -all"],
    ("s1._domainkey.fern.example", "TXT"): [f"v=DKIM1; k=rsa; p={key(2048)}"],
    ("_dmarc.fern.example", "TXT"): ["v=DMARC1; p=quarantine; rua=mailto:d@fern.example"],
    ("fern.example", "MX"): ["10 in.mail.example."],
}


def served(records: dict[tuple[str, str], list[str]]) -> LookUp:
    return lambda name, kind: records.get((name, kind), [])


def checked(name: str, **changes: list[str]) -> Record:
    places = {"spf": ("fern.example", "TXT"), "mx": ("fern.example", "MX")}
    places |= {
        "dmarc": ("_dmarc.fern.example", "TXT"),
        "dkim": ("s1._domainkey.fern.example", "TXT"),
    }
    records = GOOD | {places[word]: texts for word, texts in changes.items()}
    return next(
        found for found in check_records("fern.example", served(records)) if found.name == name
    )


def test_a_domain_with_everything_is_fine() -> None:
    found = check_records("fern.example", served(GOOD))
    assert [(record.name, record.is_ok) for record in found] == [
        ("SPF", True),
        ("DKIM", True),
        ("DMARC", True),
        ("MX", True),
    ]


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ([], "fern.example has no SPF record"),
        (["v=spf1 ~all", "v=spf1 -all"], "fern.example has 2 SPF records, so none counts"),
        (["v=spf1 +all"], "lets anybody send"),
        (
            ["v=spf1 " + " ".join(f"a:h{n}.example" for n in range(11)) + " -all"],
            "needs 11 look-ups",
        ),
        (["v=spf10 -all"], "has no SPF record"),
    ],
)
def test_an_spf_record_that_does_not_help_is_named(texts: list[str], sentence: str) -> None:
    found = checked("SPF", spf=texts)
    assert found.is_ok is False
    assert sentence in found.sentence


def test_an_spf_record_that_includes_itself_ends() -> None:
    assert checked("SPF", spf=["v=spf1 include:fern.example -all"]).is_ok


def test_a_short_dkim_key_is_a_problem_and_a_missing_one_a_question() -> None:
    short = checked("DKIM", dkim=[f"p={SHORT}"])
    assert short.is_ok is False
    assert "has 512 bits" in short.sentence
    assert checked("DKIM", dkim=[]).is_ok is None
    assert checked("DKIM", dkim=["v=DKIM1; p="]).is_ok is None
    assert checked("DKIM", dkim=["v=DKIM1; p=nonsense!"]).is_ok is None


def test_the_dmarc_record_of_the_domain_above_counts() -> None:
    records = GOOD | {("news.fern.example", "TXT"): ["v=spf1 -all"]}
    found = check_records("news.fern.example", served(records))
    assert found[2].sentence == "fern.example asks receivers to use DMARC (p=quarantine)."


def test_no_dmarc_record_says_what_to_add() -> None:
    assert '_dmarc.fern.example with "v=DMARC1; p=none"' in checked("DMARC", dmarc=[]).sentence


@pytest.mark.parametrize("texts", [[], ["0 ."]])
def test_a_domain_without_a_mailbox_loses_replies(texts: list[str]) -> None:
    assert checked("MX", mx=texts).is_ok is False


def test_a_silent_name_server_is_one_sentence() -> None:
    def silent(_name: str, _kind: str) -> list[str]:
        raise OSError("LifetimeTimeout")

    assert check_records("fern.example", silent) == [
        Record("DNS", False, "The name server did not answer: LifetimeTimeout.")
    ]


# An RSA key of 512 bits; no library makes one any more.
SHORT = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu"
    "KUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ=="
)
