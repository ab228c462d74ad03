"""The one place for names: labels, relationship types, kinds, statuses, predicates and properties.

Constraints, indexes, load statements, ``docs/reference.md``, the app's legend and the linter of the query files are made
from what stands here. Kinds and statuses follow the usage of the German section of the Council of European
Municipalities and Regions (forms P, F, K) and of Engagement Global's service agency (climate and sustainability partnerships).
"""

from dataclasses import dataclass
from typing import Literal, LiteralString

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")
ValueType = Literal["string", "strings", "integer", "float", "point", "date", "boolean"]


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or a relationship."""

    name: LiteralString
    type: ValueType
    description: str


@dataclass(frozen=True, slots=True)
class NodeType:
    """A label with its properties; ``id`` is the identity of every one of them."""

    label: LiteralString
    description: str
    properties: tuple[Property, ...]
    sublabels: tuple[LiteralString, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationType:
    """A relationship type; ``derived`` ones are written with their partnership and never by hand."""

    type: LiteralString
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    description: str
    properties: tuple[Property, ...] = ()
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of partnership."""

    id: str
    family: str
    tie: LiteralString
    de: str
    en: str
    description: str
    weight: float
    """How strong a bridge an active tie of this kind is, 0…1; the score's part `strength` explains it."""


@dataclass(frozen=True, slots=True)
class Status:
    """A status that a partnership has as of a date."""

    id: str
    de: str
    en: str
    description: str
    strength: float
    """How far a tie of this status carries a new relationship, 0…1."""
    bridge: bool
    """Whether such a tie can be a bridge at all."""
    in_force: bool
    """Whether the two are formally tied, so that a tie between them is not missing."""
    opens: Literal["", "later", "anew"] = ""
    """What a later beginning makes of it: nothing, a plan come true (``later``; a list shows it, too), a beginning ``anew``."""

    @property
    def resting(self) -> bool:
        """Whether it is in force and carries nothing: at rest, or put on hold."""
        return self.in_force and not self.bridge


@dataclass(frozen=True, slots=True)
class Basis:
    """What a status rests on."""

    id: str
    de: str
    en: str
    description: str
    certainty: float
    """How far a status of this basis carries, 0…1."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """What a claim can say.

    ``changing``: the latest ``as_of`` counts. ``fixed``: one truth, sources can contradict each other. ``relation``: the
    value is another node's id. ``entry``: the value is a JSON object of properties, as a register states them in one
    record. ``remark``: kept as a claim only.
    """

    name: str
    nature: Literal["changing", "fixed", "relation", "entry", "remark"]
    subjects: tuple[str, ...]
    description: str
    holds_from: Literal["stated", "value", "end", "joining", "record", "always"] = "stated"
    """From when it holds: when it was so, the date it says, its last day, the qualifier if any, a record's dates, always."""
    relation: LiteralString = ""
    """The relationship type that a claim of nature ``relation`` becomes."""
    qualifier: str = ""
    """The property of that relationship which the claim's qualifier fills."""


def _p(name: LiteralString, type_: ValueType, description: str) -> Property:
    return Property(name, type_, description)


KINDS: dict[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("twinning", "partnership", "TWINNED_WITH", "Städtepartnerschaft", "twinning",
             "Formal treaty, unlimited in time and subject (form P).", 1.0),
        Kind("friendship", "partnership", "FRIENDS_WITH", "Städtefreundschaft", "friendship",
             "Agreement limited in time or to named projects (form F).", 0.8),
        Kind("contact", "partnership", "IN_CONTACT_WITH", "Kontakt", "contact", "No formal basis (form K).", 0.5),
        Kind("county", "partnership", "TWINNED_WITH", "Kreispartnerschaft", "county twinning",
             "Between counties, provinces or départements; never the same as their cities' own.", 1.0),
        Kind("state", "partnership", "TWINNED_WITH", "Landespartnerschaft", "state partnership",
             "Between a Land or region and a country or region.", 1.0),
        Kind("climate", "climate", "CLIMATE_PARTNER_OF", "Klimapartnerschaft", "climate partnership",
             "Two municipalities with a joint programme of action on climate protection and adaptation.", 0.9),
        Kind("sustainability", "sustainability", "SUSTAINABILITY_PARTNER_OF", "Nachhaltigkeitspartnerschaft",
             "sustainability partnership", "Work on the Agenda 2030 with a municipality in a country of the DAC list.", 0.8),
        Kind("solidarity", "solidarity", "SOLIDARITY_WITH", "Solidaritätspartnerschaft", "solidarity partnership",
             "Help in need, often without a formal basis.", 0.7),
        Kind("sponsorship", "sponsorship", "SPONSORS", "Patenschaft", "sponsorship",
             "One side sponsors a place or a group that comes from it.", 0.5),
        Kind("project", "project", "COOPERATES_WITH", "Projektpartnerschaft", "project partnership",
             "Limited in time and theme, by agreement.", 0.6),
        Kind("initiative", "initiative", "COOPERATES_WITH", "Gemeinsame Initiative", "joint initiative",
             "A named joint undertaking of two or more bodies.", 0.6),
    )
}  # fmt: skip
FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(kind.family for kind in KINDS.values()))
TIE_TYPES: tuple[LiteralString, ...] = tuple(dict.fromkeys(kind.tie for kind in KINDS.values()))
DIRECTED_TIES = frozenset({"SPONSORS"})
ENGAGEMENT_KINDS = frozenset({"climate", "sustainability", "solidarity", "sponsorship"})

STATUSES: dict[str, Status] = {
    status.id: status
    for status in (
        Status("proposed", "angeregt", "proposed", "An idea somebody put forward.", 0.2, bridge=False, in_force=False,
               opens="later"),
        Status("planned", "geplant", "planned", "Intended or decided, not yet in force.", 0.5, bridge=True, in_force=True,
               opens="later"),
        Status("active", "aktiv", "active", "In force and lived.", 1.0, bridge=True, in_force=True),
        Status("weak", "schwach aktiv", "weak", "In force with little life in it.", 0.6, bridge=True, in_force=True),
        Status("dormant", "ruhend", "dormant", "In force, but at rest; often of the official level only.", 0.2,
               bridge=False, in_force=True),
        Status("suspended", "ausgesetzt", "suspended", "Put on hold by a decision.", 0.0, bridge=False, in_force=True),
        Status("ended", "beendet", "ended", "Ended by a decision, be it of one side alone.", 0.0, bridge=False, in_force=False,
               opens="anew"),
        Status("rejected", "abgelehnt", "rejected", "Proposed and turned down.", 0.0, bridge=False, in_force=False, opens="anew"),
        Status("unknown", "nicht angegeben", "not stated", "No source states a status.", 0.8, bridge=True, in_force=True),
    )
}  # fmt: skip
LISTED: LiteralString = "listed"
"""The qualifier of a kind that a list of existing partnerships states."""
BASES: dict[str, Basis] = {
    basis.id: basis
    for basis in (
        Basis("stated", "belegt", "stated", "A source says how it stands.", 1.0),
        Basis("listed", "gelistet", "listed", "A source names it among existing ones and does not say how it stands.", 0.9),
        Basis("begun", "nur Beginn bekannt", "only begun", "Only a beginning is known.", 0.9),
        Basis("ended", "Ende bekannt", "ended", "An end is known.", 0.0),
    )
}  # fmt: skip
UNSAID = 0.5
"""How far a tie carries of which no source even says that it exists."""
HALF_LIFE = 20
"""Years of silence after the last evidence in which a tie carries half as far."""
LEVELS: dict[str, str] = {"official": "the councils and administrations", "civil_society": "associations, schools, citizens"}

# Which sublabel a kind of place has: a county can then never be taken for a city of its name.
PLACE_KINDS: dict[str, LiteralString] = {
    "city": "City", "municipality": "City", "borough": "City", "intermunicipal": "City",
    "county": "District", "province": "District", "department": "District",
    "land": "Region", "state": "Region", "country": "Country",
}  # fmt: skip
PLACE_LABELS: tuple[LiteralString, ...] = tuple(dict.fromkeys(PLACE_KINDS.values()))
KINDS_OF_LEVEL: dict[str, frozenset[str]] = {
    "county": frozenset({"District", "Region"}),
    "state": frozenset({"Region", "Country"}),
}
"""Kinds that only bodies of these labels can have; every other kind is open to all."""

SOURCE_KINDS = frozenset({"web", "list", "document", "register", "press"})
EVENT_KINDS = frozenset(
    {"visit", "signing", "meeting", "delegation", "exchange", "conference", "festival", "decision", "anniversary", "project"}
)

_SEARCH = _p("search", "strings", "Every name as the search compares it and word by word, without case and accents; derived.")
NODE_TYPES: dict[str, NodeType] = {
    node.label: node
    for node in (
        NodeType("Place", "A body that can have partnerships; with one of the labels City, District, Region, Country.", (
            _p("id", "string", "gn:<geonameid>, else wd:Q…, else x:<slug>; countries iso:DE."),
            _p("name", "string", "The name in use there, or the one of the source."),
            _p("name_de", "string", "The German name."),
            _p("name_en", "string", "The English name."),
            _p("name_fr", "string", "The French name."), _p("name_it", "string", "The Italian name."),
            _p("aliases", "strings", "Other names, older names and other spellings."), _SEARCH,
            _p("kind", "string", ", ".join(PLACE_KINDS) + "."),
            _p("country", "string", "ISO 3166-1 alpha-2."),
            _p("location", "point", "WGS 84 longitude and latitude."),
            _p("population", "integer", "Inhabitants."),
            _p("population_as_of", "date", "When the population was counted, as far as stated."),
            _p("nuts2", "string", "NUTS code, as fine as known: level 2, or a prefix of it."),
            _p("geonames", "integer", "GeoNames number."), _p("wikidata", "string", "Wikidata item."),
            _p("contested", "strings", "Properties on which sources contradict each other."),
        ), PLACE_LABELS),
        NodeType("Partnership", "A relationship of two or more places, with kind and status as of a date.", (
            _p("id", "string", "<family>|<member ids, sorted>[|<slug of name>]."),
            _p("kind", "string", "One of the kinds; may change over time within its family."),
            _p("family", "string", "What stays when the kind changes."),
            _p("name", "string", "A name of its own, as initiatives have."),
            _p("status", "string", "One of the statuses."),
            _p("in_force", "boolean", "Whether the members are formally tied, by its status."),
            _p("bridge", "boolean", "Whether it can carry a new relationship, by its status."),
            _p("status_as_of", "date", "When the status was so."),
            _p("status_undated", "boolean", "True where it was so at the latest on that day: the day of looking up."),
            _p("status_basis", "string", ", ".join(BASES) + ": what the status rests on."),
            _p("status_as_of", "date", "When the status was so."),
    _p("last_evidence", "date", "The newest date on which any source speaks of it."),
            _p("level", "string", "official or civil_society, where the status is of one level only."),
            _p("since", "date", "Beginning of its present kind, as precise as known."),
            _p("since_precision", "string", "year, month or day."),
            _p("until", "date", "End, as precise as known."),
            _p("programme", "string", "The programme it belongs to."),
            _p("contested", "strings", "Properties on which sources contradict each other."),
            _p("due", "date", "The next day on which a beginning or an end that is known comes and the facts change."),
            _p("n_members", "integer", "How many places belong to it."),
            _p("n_claims", "integer", "How many claims are about it."),
            _p("stated_by", "strings", "Members on whose side it is stated; one of two means that only one side lists it."),
        )),
        NodeType("Organisation", "An association, institute, office or company.", (
            _p("id", "string", "org:<slug>."), _p("name", "string", "Name."), _p("aliases", "strings", "Other names."), _SEARCH,
            _p("url", "string", "Address."), _p("contested", "strings", "Properties on which sources contradict each other."),
        )),
        NodeType("Network", "A network or ring with a name and a membership of its own.", (
            _p("id", "string", "net:<slug>."), _p("name", "string", "Name."), _p("aliases", "strings", "Other names."), _SEARCH,
            _p("url", "string", "Address."), _p("contested", "strings", "Properties on which sources contradict each other."),
        )),
        NodeType("Person", "A holder of a public role; removable for good by one command.", (
            _p("id", "string", "person:<slug>."), _p("name", "string", "Name."),
        )),
        NodeType("Event", "Something that took place or is to take place on a date.", (
            _p("id", "string", "event:<hash>."), _p("kind", "string", "visit, signing, meeting, delegation, exchange …"),
            _p("name", "string", "What it was."), _p("name_de", "string", "The same in German."), _p("date", "date", "When."),
            _p("date_precision", "string", "year, month or day."),
            _p("contested", "strings", "Properties on which sources contradict each other."),
        )),
        NodeType("Topic", "A subject of joint work.", (
            _p("id", "string", "topic:<slug>."), _p("name_de", "string", "German name."),
            _p("name_en", "string", "English name."),
        )),
        NodeType("Claim", "One statement of one source about one subject; facts are made from claims.", (
            _p("id", "string", "SHA-256 of source, subject, predicate, value and locator."),
            _p("subject", "string", "The id of what it is about."),
            _p("predicate", "string", "What it says something about."), _p("value", "string", "What it says."),
            _p("qualifier", "string",
               "What narrows the value: a role, a date of joining, the level of a status, the kind that begins or ends, listed."),
            _p("as_of", "date", "When that was so."), _p("as_of_precision", "string", "year, month or day."),
            _p("stated", "date", "When the source said it, as far as it has a date."),
            _p("seen", "date", "When a source without a date was looked up: it was so on that day at the latest."),
            _p("by", "string", "The place on whose side it is stated."),
            _p("locator", "string", "Where in the source."),
            _p("quote", "string", "Words of a document that the user brought in."),
            _p("note", "string", "A remark of the editors."),
            _p("dataset", "string", "The ingest sources that state it, parted by semicolons; it lives as long as one does."),
            _p("editions", "string", "What each of several ingest sources says of it where they differ, as JSON."),
            _p("revision", "string", "A hash of what is not part of the identity, to see changes."),
            _p("first_run", "string", "The run that brought it."), _p("last_run", "string", "The last run that confirmed it."),
        )),
        NodeType("Source", "Where a claim is stated.", (
            _p("id", "string", "src:<slug>."), _p("title", "string", "Title."), _p("publisher", "string", "Publisher."),
            _p("url", "string", "Address."), _p("licence", "string", "Licence, as stated."),
            _p("published", "date", "When it was published."), _p("retrieved", "date", "When it was read."),
            _p("kind", "string", "web, list, document, register or press."),
            _p("trust", "integer", "0…100; decides between sources."),
        )),
        NodeType("IngestRun", "One run of one ingest source, with its account of rows.", (
            _p("id", "string", "Time-ordered."), _p("source", "string", "The ingest source."),
            _p("started", "string", "UTC, ISO 8601."), _p("finished", "string", "UTC, ISO 8601."),
            _p("read", "integer", "Rows read."), _p("loaded", "integer", "Rows loaded."),
            _p("ignored", "integer", "Rows ignored."),
            _p("rejected", "integer", "Rows rejected."), _p("changed", "integer", "Claims written or removed."),
            _p("status", "string", "running, done, failed or interrupted."),
        )),
        NodeType("LoadLock", "A single node whose write lock keeps two loads apart.", (
            _p("id", "string", "load, or units."), _p("holder", "string", "The run that holds it; never committed."),
        )),
        NodeType("GraphVersion", "A single node: by which vocabulary the facts were made.", (
            _p("id", "string", "Always graph."), _p("version", "integer", "The version of the vocabulary."),
            _p("restoring", "string", "While a backup is being restored: its SHA-256."),
            _p("restoring_from", "string", "The path of its file."),
        )),
        NodeType("Forgotten", "A mark of a person who was removed for good; a keyed hash, from which no name can be read.", (
            _p("id", "string", "HMAC by a key that stands in a data folder only."), _p("key", "string", "Which key that is."),
        )),
    )
}  # fmt: skip

_TIE_PROPERTIES = (
    _p("key", "string", "Unique: the partnership and, where it has more than two members, the pair."),
    _p("partnership", "string", "The partnership's id."), _p("kind", "string", "Its kind."),
    _p("status", "string", "Its status."), _p("status_basis", "string", "What the status rests on."),
    _p("last_evidence", "date", "The newest date on which any source speaks of it."),
    _p("since", "date", "Its beginning."), _p("in_force", "boolean", "Whether the two are formally tied."),
    _p("bridge", "boolean", "Whether it can carry a new relationship."),
)  # fmt: skip

RELATION_TYPES: dict[str, RelationType] = {
    relation.type: relation
    for relation in (
        RelationType("PARTNER_IN", ("Place",), ("Partnership",), "The place is a member of the partnership.",
                     (_p("role", "string", "target: the place in which the others are engaged; sponsor: who sponsors."),)),
        RelationType("PART_OF", ("Place",), ("Place",), "The place lies in a larger one, at least in its country."),
        RelationType("MEMBER_OF", ("Place",), ("Network",), "The place belongs to the network.",
                     (_p("since", "date", "Date of joining."),)),
        RelationType("BASED_IN", ("Organisation",), ("Place",), "The organisation has its seat there."),
        RelationType("SUPPORTS", ("Organisation",), ("Partnership",), "The organisation carries or helps the partnership."),
        RelationType("HOLDS", ("Person",), ("Place", "Organisation"), "The person holds a public role.",
                     (_p("role", "string", "The role."), _p("as_of", "date", "When that was so."))),
        RelationType("TOOK_PART_IN", ("Place", "Organisation"), ("Event",), "Took part, or is to."),
        RelationType("UNDER", ("Event",), ("Partnership",), "The event belongs to the partnership."),
        RelationType("HAS_TOPIC", ("Partnership", "Event"), ("Topic",), "Joint work on a subject."),
        RelationType("ABOUT", ("Claim",),
                     ("Place", "Partnership", "Organisation", "Network", "Person", "Event", "Topic"), "What the claim is about."),
        RelationType("STATED_IN", ("Claim",), ("Source",), "Where it is stated."),
        *(
            RelationType(tie, ("Place",), ("Place",), "Derived pair tie: " + ", ".join(
                kind.en for kind in KINDS.values() if kind.tie == tie) + ".", _TIE_PROPERTIES, derived=True)
            for tie in TIE_TYPES
        ),
    )
}  # fmt: skip

PREDICATES: dict[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        Predicate("kind", "changing", ("Partnership",),
                  "Which kind of partnership it is; the qualifier listed says that a list of existing ones states it."),
        Predicate("status", "changing", ("Partnership",), "Its status; the qualifier is the level.", qualifier="level"),
        Predicate("programme", "changing", ("Partnership",), "The programme it belongs to."),
        Predicate("since", "fixed", ("Partnership",), "Its beginning; the qualifier is the kind that began.", "value"),
        Predicate("until", "fixed", ("Partnership",), "Its end; the qualifier is the kind that ended.", "end"),
        Predicate("name", "fixed", ("Partnership",), "Its name.", "always"),
        Predicate("role", "relation", ("Partnership",), "The role of a member.", relation="PARTNER_IN", qualifier="role"),
        Predicate("topic", "relation", ("Partnership", "Event"), "A subject of joint work.", relation="HAS_TOPIC"),
        Predicate("member_of", "relation", ("Place",), "Member of a network; the qualifier is the date of joining.",
                  "joining", "MEMBER_OF", "since"),
        Predicate("part_of", "relation", ("Place",), "Lies in a larger place.", "always", "PART_OF"),
        Predicate("based_in", "relation", ("Organisation",), "Has its seat in a place.", relation="BASED_IN"),
        Predicate("supports", "relation", ("Organisation",), "Carries or helps a partnership.", relation="SUPPORTS"),
        Predicate("holds", "relation", ("Person",), "Holds a public role, which is the qualifier.",
                  relation="HOLDS", qualifier="role"),
        Predicate("participant", "relation", ("Event",), "Took part in it.", "always", "TOOK_PART_IN"),
        Predicate("under", "relation", ("Event",), "Belongs to a partnership.", "always", "UNDER"),
        Predicate("entry", "entry", ("Place", "Organisation", "Network", "Person", "Event", "Topic"),
                  "What a register states of it in one record.", "record"),
        Predicate("figure", "remark", ("Place", "Organisation", "Partnership", "Event"),
                  "An aggregate or an amount; the qualifier says of what."),
        Predicate("remark", "remark", ("Place", "Organisation", "Partnership", "Event"),
                  "A statement that is no fact of the graph; the qualifier says of what."),
    )
}  # fmt: skip

# The prefix of an id tells the label, so that a claim names its subject by the id alone.
ID_PREFIXES: dict[str, LiteralString] = {
    "gn": "Place", "wd": "Place", "x": "Place", "iso": "Place", "org": "Organisation", "net": "Network", "person": "Person",
    "event": "Event", "topic": "Topic", **dict.fromkeys(FAMILIES, "Partnership"),
}  # fmt: skip


def label_of(identifier: str) -> LiteralString:
    """The label of the node with this id; ``KeyError`` when its prefix is none of the vocabulary's."""
    separator = min((i for i in (identifier.find(":"), identifier.find("|")) if i >= 0), default=0)
    return ID_PREFIXES[identifier[:separator]]
