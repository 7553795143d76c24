"""The reader's language and digits, found once a request; words from the catalogue without asking Flask each time.

``gettext`` and ``ngettext`` mean what Flask-Babel's do, which look six things up for every word of a page; the
templates' own, ``html`` and ``nhtml``, what Jinja's do, which copy all of the page's variables for every word.
"""

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask import session as cookie
from flask_babel import Babel, Domain, refresh
from flask_login import current_user
from markupsafe import Markup

from admin.translations import FOLDER
from tracker.models import Account

LANGUAGES = ("th", "en")
PUBLIC = "/public/"
"""Under it nobody is signed in and no cookie is read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom words are chosen: the language, and whether digits are Thai (never in English)."""

    thai: bool
    thai_digits: bool

    def gettext(self, text: str, **values: object) -> str:
        """The text in the reader's language, its ``%(name)s`` filled."""
        found = _catalogue(self.thai).gettext(text)
        return found % values if values else found

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """The text for so many in the reader's language, its ``%(name)s`` filled."""
        found = _catalogue(self.thai).ngettext(one, many, count)
        return found % values if values else found


def choose_language() -> str:
    """The account's language, else the one chosen in this browser, else Thai; on public pages the address's."""
    if not has_request_context():
        return "th"
    if request.path.startswith(PUBLIC):
        return "en" if request.args.get("lang") == "en" else "th"
    if current_user and current_user.is_authenticated:
        chosen = current_user.account.language
    else:
        chosen = cookie.get("language") or request.accept_languages.best_match(LANGUAGES, default="th")
    return chosen if chosen in LANGUAGES else "th"


def reader() -> Reader:
    """Who reads this request's page; Thai with Thai digits where there is no request."""
    try:
        found: Reader = g._get_current_object().reader  # the proxy would take eight times as long, for every word
    except RuntimeError:  # outside of the application
        return Reader(thai=True, thai_digits=True)
    except AttributeError:
        found = g.reader = _reader()
    return found


def _reader() -> Reader:
    thai = choose_language() == "th"
    known = has_request_context() and current_user and current_user.is_authenticated
    return Reader(thai, thai and (current_user.account.thai_digits if known else True))


def keep_choice(account: Account) -> None:
    """The account that begins in this browser speaks the language that was chosen here, if one was."""
    account.language = cookie.get("language", account.language)


def changed() -> None:
    """The account's language or digits are others from here on in this request."""
    g.pop("reader", None)
    refresh()


def gettext(text: str, **values: object) -> str:
    """The text in the language of this request's reader."""
    return reader().gettext(text, **values)


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The text for so many in the language of this request's reader."""
    return reader().ngettext(one, many, count, **values)


def html(text: str, **values: object) -> Markup:
    """The text as a page says it: ours is HTML, the values are not; ``%%`` is a percent sign."""
    thai = reader().thai
    return _html(thai, text) % values if values else _filled(thai, text)


def nhtml(one: str, many: str, count: int, **values: object) -> Markup:
    """As ``html``, the text for so many."""
    return Markup(_catalogue(reader().thai).ngettext(one, many, count)) % {"num": count, **values}  # noqa: S704


class _Words(Domain):
    def get_translations(self) -> NullTranslations:
        return _catalogue(reader().thai)


class Words(Babel):
    """Flask-Babel, whose ``gettext`` and ``lazy_gettext`` take their words from here too."""

    @cached_property
    def domain_instance(self) -> Domain:
        return _Words()


def init(app: Flask) -> None:
    """Thai first, English behind a switch; ``_`` in every template."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    _catalogue(thai=True)  # that it is there is found out now, not by a reader
    Words(app, default_locale="th", locale_selector=choose_language)
    app.jinja_env.globals.update(_=html, gettext=html, ngettext=nhtml)


@cache
def _catalogue(thai: bool) -> NullTranslations:
    if not thai:
        return NullTranslations()
    found = Translations.load(str(FOLDER), ["th"])
    if not isinstance(found, Translations):
        raise FileNotFoundError("The Thai catalogue is not compiled: type `make catalogues`.")
    return found


@lru_cache(maxsize=4096)
def _html(thai: bool, text: str) -> Markup:
    return Markup(_catalogue(thai).gettext(text))  # noqa: S704  (as Jinja does: templates and catalogue are ours)


@lru_cache(maxsize=4096)
def _filled(thai: bool, text: str) -> Markup:
    return _html(thai, text) % {}
