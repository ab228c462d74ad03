"""The rules: from clauses with places to ties, the same for every language; words and patterns stand in its file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product

from ingest.documents.clauses import Clause, Group, clauses, partner_noun
from ingest.documents.dates import dates_in
from ingest.documents.document import Document
from ingest.documents.focus import Focus
from ingest.documents.language import Lexicon
from ingest.documents.masking import Masked
from ingest.documents.places import PlaceMention
from ingest.documents.status import Standing, standing_of
from ingest.documents.ties import Tie, fitting, kind_of_level

_APPOSED = 16
_CLOSE = 5
_MANY = 6
Found = tuple[tuple[PlaceMention, ...], str, bool]
"""Members, how the first one was found, and whether the tie is denied."""


@dataclass(slots=True)
class _Reading:
    """What was read of a sentence so far, which its later clauses lean on."""

    ties: list[Tie] = field(default_factory=list[Tie])
    subjects: tuple[PlaceMention, ...] = ()
    last: PlaceMention | None = None
    clause: Clause | None = None
    kind: str = ""
    soft: bool = False


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads the ties of one document's sentences."""

    document: Document
    focus: Focus

    @property
    def known(self) -> Lexicon:
        """The words of the document's language."""
        return self.document.lexicon

    def ties(self, masked: Masked) -> list[Tie]:
        """The ties of one sentence."""
        reading = _Reading()
        for clause in clauses(masked, self.known):
            self._read(clause, masked, reading)
        return [tie for tie in reading.ties if fitting(tie)]

    def _read(self, clause: Clause, masked: Masked, reading: _Reading) -> None:
        dates = dates_in(clause.text, self.known, self.document.about.published)
        before = reading.clause.text if reading.clause and clause.after == "," else ""
        standing = standing_of(clause.text, dates, self.known, self.document.about.published, before)
        if clause.groups and self._takes_part(clause, reading):
            kind, soft = (clause.kind.kind, clause.kind.soft) if clause.kind else (reading.kind, reading.soft)
            found = list(self._pairs(clause, masked, reading))
            self._note(found, clause, masked, reading, standing, kind, soft)
        elif not clause.groups:
            self._without_places(clause, masked, reading, standing)
        if clause.kind:
            reading.kind, reading.soft = clause.kind.kind, clause.kind.soft
        self._remember(clause, masked, reading)

    def _takes_part(self, clause: Clause, reading: _Reading) -> bool:
        """Whether a clause speaks of ties: by a cue of its own, or leaning on the one before."""
        if clause.kind:
            return True
        if not reading.kind:
            return False
        words = {g.word for g in clause.groups}
        leans = bool(words & (self.known.words("with") | self.known.words("between"))) and clause.after != ";"
        text = clause.text.strip()
        lists = bool(self.known.pattern("listing").match(text)) or clause.after == ":"
        adds = bool(self.known.pattern("added").search(clause.text))
        return (leans and not _has_verb_of_travel(clause.text)) or lists or adds

    def _note(
        self, found: list[Found], clause: Clause, masked: Masked, reading: _Reading,
        standing: Standing, kind: str, soft: bool,
    ) -> None:  # fmt: skip
        if standing.hearsay or self._counts(clause):
            return
        for members, subject, negated in found:
            attributive = _rule(clause, subject).startswith("cue")
            if negated or (standing.negated and not standing.stated and not attributive):
                continue
            own = _own_note(members, self.known)
            status, level = own if own else (standing.status, standing.level)
            tie = Tie(
                kind_of_level(kind, members), members, status, _rule(clause, subject), masked.sentence.begin, masked.sentence.end,
                level=level, since=standing.since, until=standing.until, stated=standing.stated or bool(own), soft=soft,
                subject=subject,
            )  # fmt: skip
            reading.ties.append(tie)
            for member in members[1:]:
                more = _own_note((member,), self.known)
                if more and not own:
                    reading.ties[-1] = replace(tie, status=more[0], level=more[1], stated=True)

    def _counts(self, clause: Clause) -> bool:
        """Whether a clause tells how many ties there are: mehr als 400 Partnerschaften are none of two places."""
        before = clause.text[: clause.cue[0]]
        counted = re.search(r"\b(\d[\d.,]*)\s+(?:[\w-]+\s+){0,2}$", before)
        aged = re.search(self.known.data["years_of"], before[counted.start() :]) if counted else None
        dated = counted and re.fullmatch(r"(?:19|20)\d\d", counted[1])
        return bool(counted) and not aged and not dated

    def _without_places(self, clause: Clause, masked: Masked, reading: _Reading, standing: Standing) -> None:
        """A clause that names no place: a treaty that follows, another kind for the same two, a partner in apposition."""
        if not reading.ties:
            self._apposition(clause, masked, reading, standing)
            return
        last = reading.ties[-1]
        same = [t for t in reading.ties if t.begin == last.begin]
        another = clause.kind and not clause.kind.soft and clause.kind.kind != last.kind
        if clause.kind and another and not standing.hearsay and not standing.negated:
            kind = clause.kind.kind
            for tie in same:
                reading.ties.append(
                    replace(
                        tie, kind=kind_of_level(kind, tie.members), status=standing.status, since=standing.since,
                        level=standing.level, stated=standing.stated, rule="follows",
                    )
                )  # fmt: skip
        elif standing.stated and (self.known.pattern("follow_up").search(clause.text) or clause.kind):
            for number, tie in enumerate(reading.ties):
                if tie in same:
                    since = standing.since or tie.since
                    reading.ties[number] = replace(tie, status=standing.status, since=since, stated=True)

    def _apposition(self, clause: Clause, masked: Masked, reading: _Reading, standing: Standing) -> None:
        """``Esslingen, ville jumelée depuis 1958``: the place before is a partner of whom the sentence is about."""
        noun = clause.kind and not clause.kind.soft and partner_noun(clause.text[slice(*clause.cue)])
        names = noun and clause.cue[0] < _APPOSED
        if not (names and clause.after == "," and reading.last and clause.kind) or standing.negated or standing.hearsay:
            return
        if not reading.clause or reading.clause.groups[-1].end < len(reading.clause.text.rstrip()):
            return
        owner = next((m for m in reading.subjects if m.place.id != reading.last.place.id), None)
        owner = owner or self.focus.subject_before(reading.last.begin)
        if owner and owner.place.id != reading.last.place.id:
            members = (owner, reading.last)
            tie = Tie(
                kind_of_level(clause.kind.kind, members), members, standing.status, "apposition", masked.sentence.begin,
                masked.sentence.end, since=standing.since, stated=standing.stated, subject="before",
            )  # fmt: skip
            reading.ties.append(tie)

    def _remember(self, clause: Clause, masked: Masked, reading: _Reading) -> None:
        if clause.groups:
            lead = next((g for g in clause.groups if g.word in {"", *self.known.words("of")}), None)
            if lead and (clause.kind or not reading.subjects):
                reading.subjects = tuple(masked.place(m) for m in lead.marks)
            reading.last = masked.place(clause.groups[-1].marks[-1])
        reading.clause = clause

    # -- who with whom ----------------------------------------------------------------------------------------------------

    def _pairs(self, clause: Clause, masked: Masked, reading: _Reading) -> Iterator[Found]:
        groups = clause.groups
        between = [g for g in groups if g.word in self.known.words("between") and len(g.marks) > 1]
        if between:
            for group in between:
                yield from self._among(group, masked)
            return
        partners = [g for g in groups if self._is_partner(g, clause)]
        cued = [g for g in groups if g.word == "cue"]
        added = self.known.pattern("added").search(clause.text) and reading.kind and not clause.kind
        listed = clause.after == ":" or self.known.pattern("listing").match(clause.text.strip())
        if partners:
            yield from self._with(clause, groups, partners, masked, reading)
        elif cued:
            yield from self._cued(groups, cued, masked, reading)
        elif added or (listed and not clause.kind and self._may_list(clause, reading, groups)):
            yield from self._owned(groups[-1], masked, reading)
        elif clause.kind and (not clause.kind.soft or clause.kind.kind == "project"):
            yield from self._plain(clause, groups, masked)

    def _is_partner(self, group: Group, clause: Clause) -> bool:
        """Whether a group stands after "with"; "to" only counts right after a cue."""
        if group.word not in self.known.words("with"):
            return False
        direct = {"mit", "avec", "con", "with"}
        if group.word in direct:
            return True
        return bool(clause.kind) and 0 <= group.begin - clause.cue[1] < 14

    def _may_list(self, clause: Clause, reading: _Reading, groups: Sequence[Group]) -> bool:
        """Whether a list follows a word for partners in the plural, of as many as it says if it says how many."""
        before = reading.clause
        if before is None or before.kind is None or before.kind.soft:
            return False
        count = re.search(rf"{self.known.data['countable']}\s+(?:\w+\s+){{0,2}}$", before.text[: before.cue[0]])
        places = [m for g in groups for m in g.marks]
        if count and clause.after == ":":
            said = count["n"]
            number = int(said) if said.isdecimal() else self.known.data["numbers"].index(said) + 1
            return number == len(places)
        return bool(self.known.pattern("listing").match(clause.text.strip())) or not count

    def _among(self, group: Group, masked: Masked) -> Iterator[Found]:
        members = [masked.place(m) for m in group.marks]
        if len(members) > _MANY:
            return  # a list of towns, and not all of them with each other
        for pair in combinations(members, 2):
            yield pair, "named", group.negated

    def _with(
        self, clause: Clause, groups: Sequence[Group], partners: Sequence[Group], masked: Masked, reading: _Reading
    ) -> Iterator[Found]:
        for group in partners:
            others = [masked.place(m) for m in group.marks]
            subjects, how = self._subjects(clause, groups, group, masked, reading)
            paired = re.search(self.known.data["respectively"], clause.text) and len(subjects) == len(others) > 1
            for one, two in zip(subjects, others, strict=True) if paired else product(subjects, others):
                yield (one, two), how, group.negated

    def _subjects(
        self, clause: Clause, groups: Sequence[Group], group: Group, masked: Masked, reading: _Reading
    ) -> tuple[tuple[PlaceMention, ...], str]:
        """Whose partners a group's places are."""
        free = {"", "cue", *self.known.words("of")} - {group.word}
        before = [g for g in groups if g.end <= group.begin and g.word in free]
        after = [g for g in groups if g.begin >= group.end and g.word in free]
        if before:
            return tuple(masked.place(m) for m in before[-1].marks), "named"
        if self.known.pattern("relative").match(clause.text.strip()) and clause.after == "," and reading.last:
            return (reading.last,), "named"
        if after and not self._starts_next(after[0], groups):
            return tuple(masked.place(m) for m in after[0].marks), "named"
        if reading.subjects:
            return reading.subjects, "named"
        inside = [g for g in groups if g.end <= group.begin and g.word in self.known.words("in")]
        if inside:
            return tuple(masked.place(m) for m in inside[-1].marks[:1]), "in"
        found = self.focus.subject_before(masked.sentence.begin)
        return ((found,), "before") if found else ((), "")

    def _starts_next(self, group: Group, groups: Sequence[Group]) -> bool:
        """Whether a group is itself the subject of a "with" right after it."""
        return any(g.word in self.known.words("with") and 0 < g.begin - group.end <= len(g.word) + 2 for g in groups)

    def _cued(self, groups: Sequence[Group], cued: Sequence[Group], masked: Masked, reading: _Reading) -> Iterator[Found]:
        """Places after "partner town": the owner is the other place of the clause, or whom the sentence is about."""
        for group in cued:
            partners = [masked.place(m) for m in group.marks]
            rest = [g for g in groups if g is not group and g.word not in self.known.words("for")]
            named = [g for g in rest if g.word == "" or (g.word in self.known.words("of") and g.begin < group.end + _CLOSE)]
            genitive = next((g for g in named if masked.place(g.marks[-1]).genitive and g.end <= group.begin), None)
            if partners[0].genitive and named:  # X ist Partnerstadt Ys
                for one, two in product([masked.place(m) for m in named[0].marks], partners):
                    yield (one, two), "named", group.negated
            elif genitive or named:
                for one, two in product([masked.place(m) for m in (genitive or named[0]).marks], partners):
                    yield (one, two), "named", group.negated
            else:
                yield from self._owned(group, masked, reading)

    def _owned(self, group: Group, masked: Masked, reading: _Reading) -> Iterator[Found]:
        """Partners whose owner stands before, in this sentence or in the document."""
        partners = [masked.place(m) for m in group.marks]
        ids = {p.place.id for p in partners}
        owners = [m for m in reading.subjects if m.place.id not in ids]
        how = "named"
        if reading.ties and not owners:
            owners = [m for m in reading.ties[-1].members[:1] if m.place.id not in ids]
        if not owners:
            found = self.focus.subject_before(masked.sentence.begin)
            owners, how = ([found] if found and found.place.id not in ids else []), "before"
        if not owners and len(partners) == 2:
            yield (partners[0], partners[1]), "named", group.negated
        for one, two in product(owners[:1], partners):
            yield (one, two), how, group.negated

    def _plain(self, clause: Clause, groups: Sequence[Group], masked: Masked) -> Iterator[Found]:
        """No "with", no "between": A und B sind verschwistert; A ist Partnerstadt von B; Partnerstädte von A sind B und C."""
        free = [g for g in groups if g.word == ""]
        owned = [g for g in groups if g.word in self.known.words("of")]
        if free and owned:
            owners, partners = (owned[0], free[0]) if owned[0].begin > clause.cue[0] else (free[0], owned[0])
            for one, two in product([masked.place(m) for m in owners.marks], [masked.place(m) for m in partners.marks]):
                yield (one, two), "named", owners.negated or partners.negated
        elif len(free) == 1 and len(free[0].marks) > 1:
            yield from self._among(free[0], masked)
        elif len(free) > 1 and self.known.pattern("listing").search(clause.text):
            for one, two in product([masked.place(m) for m in free[0].marks], [masked.place(m) for m in free[-1].marks]):
                yield (one, two), "named", free[-1].negated


def _has_verb_of_travel(text: str) -> bool:
    return bool(re.search(r"\b(?:reis|fuhr|fährt|fahren|besuch|voyag|visit|travell?)", text))


def _rule(clause: Clause, subject: str) -> str:
    words = {g.word for g in clause.groups}
    shape = "cue" if "cue" in words else "list" if clause.after == ":" else "clause"
    return f"{shape}:{subject}"


def _own_note(members: Sequence[PlaceMention], known: Lexicon) -> tuple[str, str] | None:
    """The status that stands in brackets after a place."""
    for member in members[-1:]:
        if member.note:
            found = standing_of(member.note.lower(), [], known, "")
            if found.stated:
                return found.status, found.level
    return None
