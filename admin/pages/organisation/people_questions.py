"""The questions about pasted people, and their answers, in the reader's words."""

from admin.web.language import gettext
from tracker.services.organisation.people_preview import Asks, Option, Question


def question_words(question: Question) -> str:
    """What is asked."""
    about, other = question.about, question.other
    return {
        Asks.UNIT: gettext("Which unit is “%(word)s”?", word=about),
        Asks.SECOND_HEAD: gettext(
            "%(unit)s has a head already: %(name)s. What is this person?", unit=about, name=other
        ),
        Asks.SAME_PERSON: gettext(
            "“%(name)s” stands there already (%(other)s). Is it one person?", name=about, other=other
        ),
        Asks.EMAIL: gettext("“%(word)s” is no e-mail address. What is it?", word=about),
        Asks.PHONE: gettext("“%(word)s” is no telephone number. What is it?", word=about),
        Asks.NO_HEAD: gettext("%(unit)s has no head yet. Who leads it?", unit=about),
    }[question.kind]


def button_words(question: Question, option: Option) -> str:
    """What a button answers."""
    words = {
        (Asks.UNIT, "all"): gettext("The whole agency (an executive)"),
        (Asks.UNIT, "new"): gettext("A new unit “%(name)s”", name=option.name),
        (Asks.SECOND_HEAD, "replace"): gettext("Head in place of %(name)s", name=option.name),
        (Asks.SECOND_HEAD, "deputy"): gettext("Deputy"),
        (Asks.SECOND_HEAD, "staff"): gettext("Staff"),
        (Asks.SAME_PERSON, "same"): gettext("Yes, one person"),
        (Asks.SAME_PERSON, "other"): gettext("No, another person"),
        (Asks.NO_HEAD, "staff"): gettext("Nobody yet"),
    }
    return words.get((question.kind, option.value)) or option.name or gettext("Leave it out")
