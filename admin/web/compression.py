"""Text leaves compressed for browsers that take it: pages anew each time, static files once in a process."""

import gzip
from functools import lru_cache
from io import BytesIO
from secrets import randbelow

from flask import Flask, Response, request

_STATIC = ("static", "admin.static")
_TEXTS = ("text/", "application/javascript", "application/json", "application/geo+json", "image/svg+xml")
_WORTH_IT = 1_000
_QUICKLY, _THOROUGHLY = 3, 9
_LONGEST_PAD = 100


def init(app: Flask) -> None:
    """To be called before whatever else looks at responses, for those called last look first."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not (response.mimetype or "").startswith(_TEXTS) or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    is_file = request.endpoint in _STATIC
    is_whole = response.status_code == 200 and (response.is_sequence or is_file)
    if not is_whole or not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    body, (tag, _) = response.get_data(), response.get_etag()
    if len(body) >= _WORTH_IT:
        response.set_data(_file(body) if is_file else _page(body))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("Accept-Ranges", None)
        if tag:
            response.set_etag(tag, weak=True)
    return response


def _page(body: bytes) -> bytes:
    """With a name of random length in its head: how short a page became tells nobody what stands in it (BREACH)."""
    packed = BytesIO()
    with gzip.GzipFile("a" * randbelow(_LONGEST_PAD), "wb", _QUICKLY, packed, mtime=0) as file:
        file.write(body)
    return packed.getvalue()


@lru_cache(maxsize=100)
def _file(body: bytes) -> bytes:
    return gzip.compress(body, _THOROUGHLY, mtime=0)
