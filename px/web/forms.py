"""Forms without script: reading them, and telling our own from those of another site."""

from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import FormData, Headers
from starlette.requests import Request

from px.core.errors import InvalidInput

_SAME = {"same-origin", "none"}


def is_own_form(request: Request, base_url: str = "") -> bool:
    """Whether the form came from our own page, by Origin, else Sec-Fetch-Site, which browsers send.

    A client that sends neither has no cookie of somebody else's to misuse.
    """
    headers: Headers = request.headers
    if (origin := headers.get("origin")) is not None:
        host = _parts(origin).netloc
        return bool(host) and host in (headers.get("host"), _parts(base_url).netloc)
    return headers.get("sec-fetch-site", "none") in _SAME


def safe_next(wanted: str) -> str:
    """An address on this host to go on to; anything else is the first page."""
    if not _is_clean(wanted) or wanted.startswith(("//", "/\\", "/auth/")):
        return "/"
    parts = _parts(wanted.replace("\\", "/"))
    return "/" if parts.scheme or parts.netloc or not wanted.startswith("/") else wanted


async def form_of(request: Request) -> FormData:
    """The form's fields; InvalidInput for anything that is no form of ours."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise InvalidInput("This is not a form of this page.")
    return await request.form(max_files=0, max_fields=20)


def field(form: FormData, name: str, most: int = 4096) -> str:
    """The text of a field, empty when it is missing."""
    value = form.get(name, "")
    return value[:most] if isinstance(value, str) else ""


def _parts(address: str) -> SplitResult:
    """The parts of an address, all empty when it is none, such as http://[."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _is_clean(text: str) -> bool:
    return len(text) <= 2000 and not any(ord(c) <= 32 or ord(c) == 127 for c in text)
