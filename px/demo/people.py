"""The customers of the demo shop: made-up people from eleven countries, the same every time."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

# Country: language, share of the customers, zones, first names, last names. Names are common ones.
_LANDS: dict[str, tuple[str, int, str, str, str]] = {
    "NL": (
        "nl",
        24,
        "Europe/Amsterdam",
        "Sanne Lotte Femke Anouk Iris Maud Noor Fleur Jasmijn Roos Daan Bram Thijs Joris Sem Tessa",
        "de Vries|Jansen|Bakker|Visser|Smit|Meijer|Mulder|Bos|Vos|Peters|Hendriks|van Dijk|Dekker",
    ),
    "DE": (
        "de",
        22,
        "Europe/Berlin",
        "Anna Lena Mia Clara Johanna Frieda Greta Nele Marie Paula Jonas Lukas Emil Felix Max Ida",
        "Müller|Schmidt|Schneider|Fischer|Weber|Wagner|Becker|Schulz|Hoffmann|Koch|Richter|Klein|Wolf",
    ),
    "GB": (
        "en",
        16,
        "Europe/London",
        "Amelia Isla Poppy Freya Evie Daisy Harriet Martha Elsie Ruby Oscar Arthur Theo Hugo Alfie",
        "Smith|Jones|Taylor|Brown|Evans|Walker|Wright|Hughes|Green|Clarke|Patel|Bennett|Okafor|Murphy",
    ),
    "US": (
        "en",
        14,
        "America/New_York America/Chicago America/Denver America/Los_Angeles",
        "Olivia Emma Harper Maya Zoe Nora Hazel Stella Grace Leah Ethan Caleb Jordan Elena Priya",
        "Johnson|Williams|Garcia|Miller|Davis|Nguyen|Martinez|Anderson|Lee|Thompson|Kim|Rivera|Cooper",
    ),
    "FR": (
        "fr",
        8,
        "Europe/Paris",
        "Camille Chloé Manon Inès Louise Jade Léa Juliette Élise Margaux Hugo Louis Jules Gabriel",
        "Martin|Bernard|Dubois|Laurent|Moreau|Girard|Lefèvre|Roux|Fontaine|Chevalier|Garnier|Faure",
    ),
    "SE": (
        "sv",
        5,
        "Europe/Stockholm",
        "Astrid Ebba Saga Linnea Maja Elsa Freja Signe Oskar Nils Axel Vilgot",
        "Andersson|Johansson|Karlsson|Nilsson|Eriksson|Larsson|Lindqvist|Bergström|Åberg|Sjögren",
    ),
    "ES": (
        "es",
        4,
        "Europe/Madrid",
        "Lucía Martina Carmen Inés Paula Alba Nuria Rocío Mateo Diego Álvaro",
        "García|Fernández|López|Sánchez|Romero|Navarro|Ortega|Molina|Castro|Iglesias",
    ),
    "CA": (
        "en",
        3,
        "America/Toronto America/Vancouver",
        "Avery Charlotte Rowan Amélie Quinn Sophie Logan Nathan",
        "Tremblay|Campbell|Singh|Gagnon|Fraser|Wong|MacDonald|Roy",
    ),
    "AU": (
        "en",
        2,
        "Australia/Sydney Australia/Perth",
        "Matilda Willow Sienna Imogen Lachlan Banjo",
        "Kelly|Ryan|Walsh|Nguyen|Harris|Doyle",
    ),
    "IT": (
        "it",
        1,
        "Europe/Rome",
        "Giulia Chiara Sofia Alessia Marco",
        "Rossi|Bianchi|Ferrari|Ricci|Conti",
    ),
    "JP": ("ja", 1, "Asia/Tokyo", "Yui Hana Sakura Aoi Ren", "Sato|Suzuki|Tanaka|Ito|Mori"),
}
# The beginnings of numbers that countries keep for films and books, so that nobody real is meant.
_PHONES = {
    "GB": "+447700900{:03d}",
    "US": "+12025550{:03d}",
    "CA": "+16135550{:03d}",
    "FR": "+336399800{:02d}",
    "DE": "+4917139200{:02d}",
    "SE": "+467017406{:02d}",
}
_FIRST_PHONE = {"US": 100, "CA": 100, "GB": 100, "SE": 5}
_SKIN = ("dry", "oily", "combination", "sensitive", "normal")


@dataclass(frozen=True, slots=True)
class Person:
    """One customer of the demo shop."""

    number: int
    first_name: str
    last_name: str
    email: str
    phone: str | None
    country: str
    zone: str
    language: str
    wants_mail: bool
    wants_texts: bool
    traits: dict[str, str]


def people(how_many: int, draw: random.Random) -> list[Person]:
    """So many different people, in the order in which they find the shop."""
    countries = [country for country, (_, share, *_) in _LANDS.items() for _ in range(share)]
    names = {country: _names(country, draw) for country in _LANDS}
    phones = {country: _phones(country) for country in _PHONES}
    found = []
    for number in range(1, how_many + 1):
        country = draw.choice(countries)
        phone = next(phones[country]) if country in phones and draw.random() < 0.5 else None
        found.append(_person(number, country, next(names[country]), phone, draw))
    return found


def _person(
    number: int, country: str, name: tuple[str, str], phone: str | None, draw: random.Random
) -> Person:
    language, _, zones, _, _ = _LANDS[country]
    first, last = name
    return Person(
        number=number,
        first_name=first,
        last_name=last,
        email=f"{_plain(first)}.{_plain(last)}@example.com",
        phone=phone,
        country=country,
        zone=draw.choice(zones.split()),
        language=language,
        wants_mail=draw.random() < 0.72,
        wants_texts=phone is not None and draw.random() < 0.4,
        traits={"skin_type": draw.choice(_SKIN)} if draw.random() < 0.6 else {},
    )


def _names(country: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    _, _, _, firsts, lasts = _LANDS[country]
    pairs = [(first, last) for first in firsts.split() for last in lasts.split("|")]
    draw.shuffle(pairs)
    return iter(pairs)


def _phones(country: str) -> Iterator[str]:
    return (_PHONES[country].format(n) for n in count(_FIRST_PHONE.get(country, 0)))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore")
    return letters.decode().lower().replace(" ", "")
