"""What the world's name servers say of the sender's domain: may this account speak for it?

SPF is RFC 7208, DKIM RFC 6376, DMARC RFC 7489. Large mailbox providers refuse or hide mail without.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

# (name, type of record) -> its texts; empty when there is none, OSError when nobody could be asked.
LookUp = Callable[[str, str], list[str]]

# Names under which the usual mail providers keep their keys. One may have another.
SELECTORS = (
    *("google", "selector1", "selector2", "default", "mail", "dkim", "s1", "s2", "k1", "k2", "k3"),
    *("mandrill", "pm", "fm1", "fm2", "fm3", "zoho", "mxvault", "smtp", "key1", "x", "protonmail"),
)
MOST_SPF_QUERIES = 10
SHORTEST_KEY = 1024


@dataclass(frozen=True, slots=True)
class Record:
    """One thing looked up and what it means; `is_ok` None is neither good nor bad."""

    name: str
    is_ok: bool | None
    sentence: str


def check_records(domain: str, look_up: LookUp) -> list[Record]:
    """SPF, DKIM, DMARC and MX of the domain that mail comes from."""
    try:
        return [
            _spf(domain, look_up),
            _dkim(domain, look_up),
            _dmarc(domain, look_up),
            _mx(domain, look_up),
        ]
    except OSError as error:
        return [Record("DNS", False, f"The name server did not answer: {error}.")]


def dns_look_up(seconds: float = 3.0) -> LookUp:
    """Asks the machine's name server, for at most so long a question."""
    from dns import exception, resolver

    asker = resolver.Resolver()
    asker.lifetime = seconds

    def look_up(name: str, kind: str) -> list[str]:
        try:
            answer = asker.resolve(name, kind, search=False)
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            return []
        except exception.DNSException as error:
            raise OSError(type(error).__name__) from error
        if kind == "TXT":
            return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]
        return [row.to_text() for row in answer]

    return look_up


def _spf(domain: str, look_up: LookUp) -> Record:
    found = _spf_texts(domain, look_up)
    if not found:
        return Record(
            "SPF", False, f"{domain} has no SPF record: add the one your mail provider gives."
        )
    if len(found) > 1:
        return Record(
            "SPF", False, f"{domain} has {len(found)} SPF records, so none counts: join them."
        )
    if "+all" in found[0].split() or "all" in found[0].split():
        return Record(
            "SPF", False, f"The SPF record of {domain} lets anybody send: end it with ~all."
        )
    queries = _spf_queries(domain, look_up, set())
    if queries > MOST_SPF_QUERIES:
        return Record(
            "SPF",
            False,
            f"The SPF record of {domain} needs {queries} look-ups, {MOST_SPF_QUERIES} are allowed.",
        )
    return Record("SPF", True, f"{domain} says who may send for it.")


def _spf_texts(domain: str, look_up: LookUp) -> list[str]:
    texts = (text.lower() for text in look_up(domain, "TXT"))
    return [text for text in texts if text == "v=spf1" or text.startswith("v=spf1 ")]


def _spf_queries(domain: str, look_up: LookUp, seen: set[str]) -> int:
    # A record that names itself, or a chain without end, is past the limit soon enough.
    if domain in seen or len(seen) > MOST_SPF_QUERIES:
        return 0
    seen.add(domain)
    count = 0
    for text in _spf_texts(domain, look_up)[:1]:
        for term in text.split()[1:]:
            word, _, value = term.lstrip("+-~?").replace("redirect=", "include:").partition(":")
            if word in ("include", "a", "mx", "ptr", "exists") or word.startswith(("a/", "mx/")):
                count += 1
            if word == "include" and "%" not in value:
                count += _spf_queries(value, look_up, seen)
    return count


def _dkim(domain: str, look_up: LookUp) -> Record:
    for selector in SELECTORS:
        for text in look_up(f"{selector}._domainkey.{domain}", "TXT"):
            bits = _key_bits(text)
            if bits and bits < SHORTEST_KEY:
                sentence = f"The DKIM key {selector} of {domain} has {bits} bits: make one of 2048."
                return Record("DKIM", False, sentence)
            if bits:
                return Record("DKIM", True, f"{domain} has a DKIM key ({selector}).")
    return Record(
        "DKIM",
        None,
        f"{domain} has no DKIM key under the usual names. Look at a mail you received from it: "
        "it should carry DKIM-Signature with d= this domain.",
    )


def _key_bits(text: str) -> int:
    """The length of the key in a DKIM record; 0 when it holds none."""
    tags = dict(_tags(text))
    if tags.get("k") == "ed25519":
        return 256 * 8
    try:
        key = load_der_public_key(base64.b64decode("".join(tags.get("p", "").split())))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return 0
    return key.key_size if isinstance(key, RSAPublicKey) else 0


def _dmarc(domain: str, look_up: LookUp) -> Record:
    # Without one of its own a domain has the record of the domain above it.
    for name in _and_above(domain):
        texts = [
            text for text in look_up(f"_dmarc.{name}", "TXT") if text.lower().startswith("v=dmarc1")
        ]
        if texts:
            policy = dict(_tags(texts[0])).get("p", "none")
            return Record("DMARC", True, f"{name} asks receivers to use DMARC (p={policy}).")
    return Record(
        "DMARC",
        False,
        f'{domain} has no DMARC record: add _dmarc.{domain} with "v=DMARC1; p=none".',
    )


def _mx(domain: str, look_up: LookUp) -> Record:
    if any(text.split()[-1] != "." for text in look_up(domain, "MX")):
        return Record("MX", True, f"{domain} takes mail, so replies and bounces arrive.")
    return Record("MX", False, f"{domain} takes no mail: replies and bounces are lost.")


def _and_above(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    for first in range(len(labels) - 1):
        yield ".".join(labels[first:])


def _tags(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, _, value = part.partition("=")
        yield name.strip().lower(), value.strip()
