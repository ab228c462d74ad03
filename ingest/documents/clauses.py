"""Sentences cut into clauses, each with its places in groups: who is named with whom, after which word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.documents.language import PLACE, Kind, Lexicon
from ingest.documents.masking import Masked

_BREAK = re.compile(r"[;:]\s|\s[–—-]\s|,")
_GOES_ON = re.compile(
    rf"['’]?s?\s*(?:$|[,.;:()/–!?»”“]|{PLACE}|(?:und|sowie|oder|mit|et|ou|avec|e|ed|con|and|or|with|beziehungsweise|bzw)\b)"
)
"""What follows a place that is one of a row, and not the subject of a new clause."""
_BEFORE = re.compile(r"([\w'’.]+)[\s„“\"«]*$")
_CUE_WORD = "cue"
_LONGEST_CUE = 28
_TIE_NOUN = re.compile(
    r"schaft(?!s?stadt)|jumelages?\b|gemellaggi|twinning\b|vertr|charte|patto|verschwister|verbindung|partenariat"
)


@dataclass(frozen=True, slots=True)
class Group:
    """Places named in one row; ``word`` stands before them: a preposition, ``cue`` for partner town and the like, or ''."""

    word: str
    marks: tuple[str, ...]
    begin: int
    end: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a masked sentence: ``begin``–``end`` in it, its text and groups, and the cue of a kind that it has."""

    text: str
    begin: int
    end: int
    groups: tuple[Group, ...]
    kind: Kind | None
    cue: tuple[int, int]
    after: str
    """The mark that the clause begins after: '' at the beginning of a sentence, ',', ':', ';', '–' or a word."""


def clauses(masked: Masked, known: Lexicon) -> list[Clause]:
    """The clauses of a sentence in order."""
    cuts = sorted(_cuts(masked.text, known))
    found: list[Clause] = []
    begin, after = 0, ""
    for cut, end, mark in [*cuts, (len(masked.text), len(masked.text), "")]:
        text = masked.text[begin:cut]
        if text.strip():
            found += _by_kind(_clause(text, begin, after, known), known)
        begin, after = end, mark
    return found


def _cuts(text: str, known: Lexicon) -> Iterator[tuple[int, int, str]]:
    depth = [0] * (len(text) + 1)
    level = 0
    for at, char in enumerate(text):
        level += (char == "(") - (char == ")" and level > 0)
        depth[at] = level
    for match in _BREAK.finditer(text):
        mark = match[0].strip()
        if depth[match.start()] or (mark == "," and _inside_list(text, match.start(), match.end(), known)):
            continue
        if mark in "–—-" and re.search(rf"{PLACE}\s*$", text[: match.start()]) and re.match(PLACE, text[match.end() :]):
            continue
        yield match.start(), match.end(), "–" if mark in "–—-" else mark
    for match in known.pattern("adversative").finditer(text):
        before = text[: match.start()].rstrip()
        if not before.endswith(",") and re.search(PLACE, text[: match.start()]) and not depth[match.start()]:
            yield match.start(), match.start(), "word"


def _inside_list(text: str, begin: int, end: int, known: Lexicon) -> bool:
    """Whether a comma only parts places of one list, or a place from what explains it ("Partnerstadt, das ⌂")."""
    left = text[:begin].rstrip(' )"“”»')
    small = "|".join(map(re.escape, known.words("determiners") | known.words("with") | known.words("of") | known.words("and")))
    right = re.match(rf"\s*(?:(?:{small}|[a-zäöüß]+(?:en|e|er|es)?isch\w*)\s+){{0,3}}{PLACE}", text[end:])
    if not right:
        return False
    if re.search(rf"{PLACE}['’]?s?$", left):
        return bool(_GOES_ON.match(text, end + right.end()))
    tail = left[-_LONGEST_CUE:]
    return any(m.end() == len(tail) for k in known.kinds if not k.soft for m in k.pattern.finditer(tail))


def _by_kind(clause: Clause, known: Lexicon) -> list[Clause]:
    """A clause with cues of two kinds joined by "and" is two: eine Klimapartnerschaft und … eine Städtepartnerschaft."""
    if len({kind.kind for kind in known.kinds if not kind.soft and kind.pattern.search(clause.text)}) < 2:
        return [clause]
    conjunction = "|".join(map(re.escape, sorted(known.words("and"))))
    for match in re.finditer(rf"\s(?:{conjunction})\s", clause.text):
        left = _clause(clause.text[: match.start()], clause.begin, clause.after, known)
        right = _clause(clause.text[match.end() :], clause.begin + match.end(), "and", known)
        kinds = (left.kind, right.kind)
        if kinds[0] and kinds[1] and kinds[0].kind != kinds[1].kind and not kinds[0].soft and not kinds[1].soft:
            return [left, *_by_kind(right, known)]
    return [clause]


def _clause(text: str, begin: int, after: str, known: Lexicon) -> Clause:
    kind, cue = _cue(text, known)
    groups = tuple(_negations(text, _gapped(text, _groups(text, known), known), known))
    return Clause(text, begin, begin + len(text), groups, kind, cue, after)


def _cue(text: str, known: Lexicon) -> tuple[Kind | None, tuple[int, int]]:
    for soft in (False, True):
        for kind in known.kinds:
            if kind.soft == soft and (match := kind.pattern.search(text)):
                return kind, match.span()
    return None, (0, 0)


def _groups(text: str, known: Lexicon) -> list[Group]:
    conjunction = "|".join(map(re.escape, sorted(known.words("and"))))
    respectively = known.data["respectively"]
    found: list[Group] = []
    for match in re.finditer(PLACE, text):
        if found:
            last = found[-1]
            word = re.escape(last.word) if last.word not in {"", _CUE_WORD} else "a^"
            small = "|".join(map(re.escape, known.words("determiners")))
            joint = (
                rf"['’]?s?\s*(?:[,/–-]|,?\s*(?:{conjunction}|{respectively}))\s*(?:(?:{conjunction})\s+)?"
                rf"(?:auch |anche |aussi |also |ebenso |seit kurzem )?(?:{word}\s+)?(?:(?:{small})\s+)?"
            )
            between = text[last.end : match.start()]
            if re.fullmatch(joint, between):
                found[-1] = replace(last, marks=(*last.marks, match[0]), end=match.end())
                continue
        found.append(Group(_word_before(text[: match.start()], known), (match[0],), match.start(), match.end()))
    return found


def partner_noun(cue: str) -> bool:
    """Whether a cue names a partner (Partnerstadt, twin town) and not the tie itself (Partnerschaft, twinning)."""
    return not _TIE_NOUN.search(cue)


def _word_before(text: str, known: Lexicon) -> str:
    """The preposition before a group, past articles; ``cue`` where a word such as partner town stands there."""
    for _ in range(3):
        match = _BEFORE.search(text)
        if not match:
            return ""
        word = match[1]
        tail = text[-_LONGEST_CUE:].rstrip()
        cues = (m[0] for k in known.kinds if not k.soft for m in k.pattern.finditer(tail) if m.end() == len(tail))
        if any(partner_noun(cue) for cue in cues):
            return _CUE_WORD
        plain = re.sub(r"^(?:l|d|dell|all|nell|dall|qu)['’]", "", word)
        elided = next((p for p in ("d'", "d’") if word in {p, p[0] + "'"}), "")
        if elided:
            return "d"
        every = known.words("with") | known.words("between") | known.words("of") | known.words("for") | known.words("in")
        if plain in every and plain not in {"im", "vom", "zum", "zur"} | known.words("determiners"):
            return plain
        if plain in every:
            return plain
        if word not in known.words("determiners") and not re.search(
            r"isch\w{0,2}$|^(?:neuen?|alten?|nahen?|langjährigen?)$|,$", word
        ):
            return ""
        text = text[: match.start()]
        text = text.rstrip(" ,") if text.rstrip().endswith(",") else text
    return ""


def _gapped(text: str, groups: Sequence[Group], known: Lexicon) -> Iterator[Group]:
    """``mit B und C mit D``: the last of a row that another "with" follows is the next one's subject."""
    for number, group in enumerate(groups):
        following = groups[number + 1] if number + 1 < len(groups) else None
        linked = (
            following and text[group.end : following.begin].strip() == following.word and following.word in known.words("with")
        )
        if linked and len(group.marks) > 1 and group.word in known.words("with"):
            last = text.rindex(group.marks[-1], group.begin, group.end)
            yield replace(group, marks=group.marks[:-1], end=last)
            yield Group("", (group.marks[-1],), last, group.end)
        else:
            yield group


def _negations(text: str, groups: Iterator[Group], known: Lexicon) -> Iterator[Group]:
    """A negation right before a group's word denies that group alone: nicht mit B."""
    negators = known.pattern("negators")
    for group in groups:
        before = text[: group.begin].rstrip()
        before = before[: -len(group.word)].rstrip() if group.word and before.endswith(group.word) else before
        last = before[-12:]
        near = [m for m in negators.finditer(last) if m.end() == len(last)]
        if group.word == _CUE_WORD:
            near = [
                m
                for m in negators.finditer(text[max(0, group.begin - 45) : group.begin])
                if m[0].startswith(("kein", "auc", "no", "ness"))
            ]
        only = known.pattern("not_only").search(before[-24:])
        yield replace(group, negated=bool(near) and not only)
