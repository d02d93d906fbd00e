"""What no policy settles is answered from the articles, with the article named; else it is noted for them."""

from datetime import datetime

from django.conf import settings
from django.utils import translation

from yishi.assistant.actions.language import Source, answered_from
from yishi.assistant.actions.telling import Done, Talk
from yishi.assistant.queries.reading import Reading
from yishi.assistant.rules.slots import masked, slots_in
from yishi.knowledge.actions.questions import note_question
from yishi.knowledge.queries.articles import ArticleCard, find_articles
from yishi.knowledge.rules.markup import plain_text, with_figures
from yishi.sla.queries.limit_words import limits_said

_SHORT = 200


def answer_for(reading: Reading, *, is_english: bool, at: datetime) -> str:
    """What a clear article says to an open question, with its title; '' where none does.

    A language model may word it, so this is never called inside a transaction.
    """
    if reading.read.is_sure and reading.read.intents[:1] != ("other",):
        return ""
    language = "en" if is_english else "zh-hans"
    with translation.override(language):
        figures = limits_said(at=at)
    said = reading.without_personal
    found = find_articles(words=said, audience="CONSUMER", language=language, most=3, figures=figures)
    clear = [card for card in found if card.is_clear]
    if not clear:
        return ""
    texts = {card.id: plain_text(with_figures(card.body, figures)) for card in clear}
    worded = answered_from(said, [Source(card.id, card.title, texts[card.id]) for card in clear], at=at)
    if worded is not None:
        cited = [card for card in clear if card.id in worded.numbers]
        return _with_sources(worded.text, cited or clear[:1], is_english)
    best = clear[0]
    whole = texts[best.id]
    return _with_sources(whole if len(whole) <= _SHORT else best.excerpt, [best], is_english)


def _with_sources(text: str, cards: list[ArticleCard], is_english: bool) -> str:
    origin = settings.ENVIRONMENT.web_origin
    named = [
        f"“{card.title}” {origin}/help/{card.slug}"
        if is_english
        else f"《{card.title}》{origin}/help/{card.slug}"
        for card in cards
    ]
    return "\n".join([text, *named])


def answer_from_articles(talk: Talk) -> Done:
    """The article's answer, found before the turn began; else the question is noted for the writers."""
    if talk.answer:
        return Done("found", {"answer": talk.answer})
    note_in_vain(talk)
    return Done("said")


def hidden(text: str) -> str:
    """What he said, without names, addresses and numbers of people."""
    return masked(text, slots_in(text))


def note_in_vain(talk: Talk) -> None:
    """A question that no article answered, without anything personal."""
    language = "en" if talk.is_english else "zh-hans"
    note_question(text=talk.plain_text, language=language, source="ASSISTANT", at=talk.at)
