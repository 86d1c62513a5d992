"""What a writer hands in: a title and a text per channel, in one language or two, made sound or refused."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from responses.errors import Invalid

from . import hashing, illustrating, tongues
from .limits import over_limit
from .models import Channel

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
TITLE_LENGTH = 200


@dataclass(frozen=True)
class Version:
    """The statement in one language. `texts` are (channel id, kind, text), in the order of the ids."""

    language: str
    title: str
    texts: tuple

    @property
    def by_channel(self) -> dict[int, str]:
        return {channel: text for channel, _kind, text in self.texts}

    @property
    def given(self) -> dict:
        """As `checked` takes it."""
        return {"title": self.title, "texts": self.by_channel}


@dataclass(frozen=True)
class Wording:
    """Equal wordings would read the same to the public. The first version leads."""

    versions: tuple[Version, ...]
    images: tuple[illustrating.Illustration, ...] = ()

    @classmethod
    def of(cls, revision):
        told = hashing.content(revision)
        rows = [told, *told.get("also", ())]
        versions = tuple(
            Version(row["language"], row["title"], tuple(tuple(each) for each in row["variants"]))
            for row in rows
        )
        return cls(versions, illustrating.of(revision))

    @property
    def first(self) -> Version:
        return self.versions[0]

    @property
    def also(self) -> tuple[Version, ...]:
        return self.versions[1:]

    @property
    def all_texts(self) -> list[str]:
        return [text for version in self.versions for _channel, _kind, text in version.texts]

    def hash_as(self, statement, number: int) -> str:
        first = self.first
        told = (statement.pk, number, first.title, first.language, first.texts, statement.about_id)
        also = [(each.language, each.title, each.texts) for each in self.also]
        return hashing.digest(
            hashing.content_of(*told, also=also, images=[each.told for each in self.images])
        )


def checked(*, title: str, language: str, texts: dict, also: dict | None = None, images=()) -> Wording:
    """The wording, tidied; an empty text means the channel is left out, a version without texts is none.

    `also` is {language: {"title", "texts"}}, `images` as drafting takes them.
    Raises Invalid naming each fault.
    """
    errors: dict[str, str] = {}
    given = {language: {"title": title, "texts": texts}, **(also or {})}
    if not all(LANGUAGE.fullmatch(code) for code in given):
        errors["language"] = _("Choose a language.")
    elif len(given) > tongues.MOST or language in (also or {}):
        errors["language"] = _("A statement has one language, or two.")
    tidied = [version_of(code, each, code == language, errors) for code, each in given.items()]
    written = [each for each in tidied if any(each["texts"].values())] or tidied[:1]
    channels = Channel.objects.filter(pk__in=[pk for each in written for pk in each["texts"]], is_active=True)
    found, first = channels.in_bulk(), written[0]["language"]
    versions = tuple(sound(each, first, found, errors) for each in written)
    shown = illustrating.checked(images, errors)
    for each in written:
        illustrating.check_beside(shown, each["texts"], found, errors, each["place"])
    if not any(version.texts for version in versions) and not errors:
        errors["texts"] = _("Write the text for at least one channel.")
    if errors:
        field, message = next(iter(errors.items()))
        raise Invalid(message, field=field, extra={"errors": errors})
    return Wording(versions, shown)


def version_of(language: str, given: dict, is_first: bool, errors: dict) -> dict:
    """Tidied, with where its faults belong: `texts.7`, or in a second language `also.fil.texts.7`."""
    place = "" if is_first else f"also.{language}."
    title = tidy(given.get("title", ""), f"{place}title", errors).replace("\n", " ")
    texts = {
        int(pk): tidy(text, f"{place}texts.{pk}", errors) for pk, text in (given.get("texts") or {}).items()
    }
    return {"language": language, "place": place, "title": title, "texts": texts}


def sound(version: dict, first: str, channels, errors: dict) -> Version:
    check_title(version["title"], version["place"] + "title", errors)
    check_texts(version, first, channels, errors)
    rows = sorted((pk, text) for pk, text in version["texts"].items() if text and pk in channels)
    kinds = tuple((pk, channels[pk].kind, text) for pk, text in rows)
    return Version(version["language"], version["title"], kinds)


def tidy(text, field, errors) -> str:
    """One kind of line break, nothing at the ends, and only what can be stored and sent."""
    text = str(text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        errors[field] = _("There is a character in here that is not text.")
        return ""
    return text


def check_title(title, field, errors):
    if not title:
        errors.setdefault(field, _("Give it a title."))
    elif len(title) > TITLE_LENGTH:
        errors[field] = _("The title is %(over)d characters too long.") % {"over": len(title) - TITLE_LENGTH}


def check_texts(version, first, channels, errors):
    for pk, text in version["texts"].items():
        if text and (fault := fault_of(channels.get(pk), text, version["language"], first)):
            errors[f"{version['place']}texts.{pk}"] = fault


def fault_of(channel: Channel | None, text: str, language: str, first: str) -> str:
    if channel is None:
        return _("There is no such channel in use.")
    if not tongues.speaks(channel, language, first):
        words = _("%(channel)s does not speak %(language)s: say so under Channels, or leave this empty.")
        return words % {"channel": channel.name, "language": tongues.name_of(language)}
    return over_limit(channel, text)
