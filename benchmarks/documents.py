"""How well documents are read: ties of the labelled texts and of the five documents, places, calibration, speed.

``python -m benchmarks.documents`` prints everything; ``--misses`` what was missed and made up, ``--half writing|testing|both``.
"""

import argparse
import csv
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.documents.candidates import MEASURED, candidates_of
from ingest.documents.document import About, document_of, open_documents
from ingest.documents.extract import Read, extract
from ingest.documents.facts import Fact
from ingest.documents.places import PlaceFinder
from ingest.documents.ties import Tie
from ingest.places.mention import Mention
from ingest.places.resolver import Resolver
from kg.model.identity import fold
from kg.settings import settings

DATA = Path(__file__).parents[1] / "tests" / "data" / "documents"
SHARED = Path(__file__).parents[2] / "shared" / "documents"
DATES = {"000": "2021-03", "001": "2023", "002": "2023", "003": "2021-03-18", "004": ""}
"""When the five documents were published, as far as it is known besides them."""
Wanted = tuple[str, str, str, frozenset[str]]
"""Kind, status, level and the members' ids."""


@dataclass(slots=True)
class Labelled:
    """A text with the ties that are in it."""

    name: str
    language: str
    phenomenon: str
    published: str
    text: str = ""
    ties: list[str] = field(default_factory=list[str])

    @property
    def pair(self) -> int:
        """The number that it has in common with its minimal pair."""
        return int(self.name[:-1])


@dataclass(slots=True)
class Score:
    """Counts of what was right, made up and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, found: set[Wanted], wanted: set[Wanted]) -> None:
        """Count one text."""
        self.right += len(found & wanted)
        self.extra += len(found - wanted)
        self.missed += len(wanted - found)

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / max(1, self.right + self.extra)

    @property
    def recall(self) -> float:
        """Share of what is there that was found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    def __str__(self) -> str:
        shares = f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"
        return f"{shares}  ({self.right} right, {self.extra} made up, {self.missed} missed)"


def labelled(half: str = "both") -> Iterator[Labelled]:
    """The texts of our own; ``writing`` gives the pairs with odd numbers, ``testing`` the others."""
    current: Labelled | None = None
    for line in (DATA / ("fresh.txt" if half == "fresh" else "labelled.txt")).read_text("utf-8").splitlines():
        if line.startswith("## "):
            if current and _in(current, half):
                yield current
            name, language, *rest = line[3:].split()
            told = " ".join(rest)
            date = re.search(r"published=(\S+)", told)
            current = Labelled(name, language, told.split(" published=")[0], date[1] if date else "")
        elif line.startswith("= ") and current:
            current.ties.append(line[2:])
        elif not line.startswith("#") and current:
            current.text += line + "\n"
    if current and _in(current, half):
        yield current


def _in(text: Labelled, half: str) -> bool:
    return half in {"both", "fresh"} or (text.pair % 2 == 1) == (half == "writing")


def wanted_of(line: str, resolver: Resolver) -> Wanted:
    """A label as ids; what no gazetteer has stands by its name."""
    kind, standing, rest = line.split(" ", 2)
    rest = re.sub(r"\s(?:since|until)=\S+", "", rest)
    status, _, level = standing.partition("/")
    return kind, status, level, frozenset(_id(each, resolver) for each in rest.split(" + "))


def _id(text: str, resolver: Resolver) -> str:
    name, _, code = text.strip().rpartition(" ")
    found = resolver.resolve(Mention(name, code))
    if not found.id:
        raise ValueError(f"the label {text!r} is no single place: {found.candidates}")
    return found.id


def said(tie: Tie) -> Wanted:
    """A tie in the terms of the labels."""
    return tie.kind, tie.status, tie.level, frozenset(p.id or p.name for p in tie.places)


def readings(texts: Iterable[Labelled], finder: PlaceFinder) -> Iterator[tuple[Labelled, Read]]:
    """Every text, read."""
    for each in texts:
        yield each, extract(document_of(each.text.strip(), About(published=each.published), each.language), finder)


def of_labelled(half: str, finder: PlaceFinder, misses: bool = False) -> tuple[Score, Score, int, int]:
    """(all that is said, kind and members alone, minimal pairs right, minimal pairs)."""
    whole, bare = Score(), Score()
    right: dict[int, bool] = {}
    for text, read in readings(labelled(half), finder):
        found, wanted = {said(t) for t in read.ties}, {wanted_of(line, finder.resolver) for line in text.ties}
        whole.add(found, wanted)
        bare.add({(k, "", "", m) for k, _, _, m in found}, {(k, "", "", m) for k, _, _, m in wanted})
        right[text.pair] = right.get(text.pair, True) and found == wanted
        if misses and found != wanted:
            print(f"  {text.name} {text.phenomenon}: {text.text.strip()!r}")
            for what, which in (("made up", found - wanted), ("missed ", wanted - found)):
                for each in which:
                    print(f"      {what} {each[0]} {each[1]} {each[2]} {sorted(each[3])}")
    return whole, bare, sum(right.values()), len(right)


def gold(resolver: Resolver) -> dict[str, set[Wanted]]:
    """The ties of the five documents by the number of the document."""
    found: dict[str, set[Wanted]] = {}
    with (DATA / "five_ties.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["document"], set()).add(wanted_of(row["tie"], resolver))
    return found


def of_documents(folder: Path, finder: PlaceFinder, misses: bool = False) -> tuple[Score, Score]:
    """(all that is said, kind and members alone) of the five documents."""
    whole, bare = Score(), Score()
    labels = gold(finder.resolver)
    for path in sorted(folder.glob("*.txt")):
        wanted = labels.get(path.name[:3], set())
        found = {said(tie) for document in open_documents(path) for tie in extract(document, finder).ties}
        whole.add(found, wanted)
        bare.add({(k, "", "", m) for k, _, _, m in found}, {(k, "", "", m) for k, _, _, m in wanted})
        if misses and found != wanted:
            print(f"  {path.name}")
            for what, which in (("made up", found - wanted), ("missed ", wanted - found)):
                for each in which:
                    print(f"      {what} {each[0]} {each[1]} {each[2]} {sorted(each[3])}")
    return whole, bare


def facts_of_documents(folder: Path, finder: PlaceFinder, misses: bool = False) -> Score:
    """Facts of the five documents that the graph can hold: ties, roles, organisations, figures, events."""
    score, _ = of_documents(folder, finder)
    wanted: dict[str, set[tuple[str, str, str]]] = {}
    with (DATA / "five_facts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            wanted.setdefault(row["document"], set()).add((row["what"], fold(row["name"]), row["place"]))
    for path in sorted(folder.glob("*.txt")):
        about = About(published=DATES[path.name[:3]])
        facts = [fact for document in open_documents(path, about) for fact in extract(document, finder).facts]
        labels = wanted.get(path.name[:3], set())
        found = {_matched(fact, labels) for fact in facts}
        right = len(found & labels)
        score.right += right
        score.extra += len(found) - right
        score.missed += len(labels) - right
        if misses and found != labels:
            print(f"  {path.name}: made up {sorted(found - labels)}; missed {sorted(labels - found)}")
    return score


def _matched(fact: Fact, labels: set[tuple[str, str, str]]) -> tuple[str, str, str]:
    """The label that a fact is, or the fact as one: figures and events by their number and date."""
    said = {"figure": fact.value, "event": fact.date}.get(fact.what, fact.name)
    place = fact.places[0].id if fact.places else ""
    exact = (fact.what, fold(said), place)
    near = next((n for n in labels if n[0] == fact.what == "figure" and n[1] in fold(said) and n[2] == place), None)
    return near or exact


def measured(finder: PlaceFinder) -> dict[tuple[str, str], list[int]]:
    """(right, wrong) by rule and by where the subject came from, in everything that is labelled here."""
    counts: dict[tuple[str, str], list[int]] = {}
    sets = [(read, {wanted_of(line, finder.resolver) for line in text.ties}) for text, read in readings(labelled(), finder)]
    if SHARED.is_dir():
        labels = gold(finder.resolver)
        for path in sorted(SHARED.glob("*.txt")):
            sets += [(extract(document, finder), labels.get(path.name[:3], set())) for document in open_documents(path)]
    for read, wanted in sets:
        for tie in read.ties:
            if all(p.id for p in tie.places):
                counts.setdefault((tie.rule.partition(":")[0], tie.subject), [0, 0])[said(tie) not in wanted] += 1
    return counts


def write_measured(finder: PlaceFinder) -> None:
    """Write the shares that confidence comes from."""
    with MEASURED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("rule", "subject", "right", "wrong"))
        writer.writerows((*key, *counts) for key, counts in sorted(measured(finder).items()))


def calibration(finder: PlaceFinder) -> tuple[int, int, int]:
    """(candidates at 0.9 and more of the texts for testing, how many of them are right, questions among them)."""
    sure = right = asked = 0
    for half in ("testing", "fresh"):
        for text, read in readings(labelled(half), finder):
            wanted = {wanted_of(line, finder.resolver) for line in text.ties}
            ties = {frozenset(p.id or p.name for p in t.places): said(t) for t in read.ties}
            for candidate in candidates_of(read):
                if candidate.what == "tie" and candidate.confidence >= 0.9:
                    sure += 1
                    asked += bool(candidate.question)
                    right += ties.get(frozenset(p.id or p.name for p in candidate.places)) in wanted
    return sure, right, asked


def pages_of(number: int) -> Iterator[str]:
    """So many different pages of about 2,000 characters."""
    page = "\n\n".join(each.text.strip() for each in labelled())[:2000]
    return (f"{page}\n\nSeite {n} von {number}" for n in range(number))


def speed(number: int, finder: PlaceFinder, *, whole: bool) -> tuple[float, float]:
    """(seconds of one core, MB at the most) for so many pages in many texts, or in one."""
    texts = ["\n\n".join(pages_of(number))] if whole else list(pages_of(number))
    started = time.process_time()
    for text in texts:
        candidates_of(extract(document_of(text), finder))
    return time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speed_of_pdf(number: int, finder: PlaceFinder) -> tuple[float, float]:
    """(seconds of one core, MB of this process or of the reader) for a PDF of so many pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pages.pdf")
        path.write_bytes(pdf_of([re.sub(r"\s+", " ", page) for page in pages_of(number)]))
        started = _processor()
        for document in open_documents(path):
            candidates_of(extract(document, finder))
        seconds = _processor() - started
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return seconds, used / 1024


def _processor() -> float:
    """Seconds of the processor that this process and its readers took so far."""
    every = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in every)


def pdf_of(pages: Sequence[str]) -> bytes:
    """A PDF of one line of text a page, written by hand so that no library has to make it."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        words = page.replace("\\", "").replace("(", "\\(").replace(")", "\\)")
        lines = "".join(f"({words[at : at + 90]}) Tj T* " for at in range(0, len(words), 90))
        stream = f"BT /F1 9 Tf 12 TL 40 800 Td {lines}ET".encode("cp1252", "replace")
        fonts = b"/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 842] " + fonts + f" /Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    made, places = b"%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    tail = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF".encode()
    return made + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + table + tail


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--half", default="both", choices=("both", "writing", "testing", "fresh"))
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--measure", action="store_true", help="write ingest/documents/confidence.csv anew")
    given = parser.parse_args(sys.argv[1:])
    finder = PlaceFinder(Resolver.open(settings()))
    if given.measure:
        write_measured(finder)
    for half in ("writing", "testing", "fresh") if given.half == "both" else (given.half,):
        whole, bare, right, pairs = of_labelled(half, finder, given.misses)
        print(f"own texts, {half}: {whole}\n  kind and members alone: {bare}\n  minimal pairs right: {right} of {pairs}")
    if SHARED.is_dir():
        whole, bare = of_documents(SHARED, finder, given.misses)
        print(f"five documents: {whole}\n  kind and members alone: {bare}")
        print(f"  all facts that the graph can hold: {facts_of_documents(SHARED, finder, given.misses)}")
    sure, right, asked = calibration(finder)
    print(f"candidates at 0.9 and more, texts for testing and fresh ones: {right} of {sure} right, {asked} with a question")
    if not given.no_speed:
        for whole, what in ((False, "500 texts of a page"), (True, "one text of 500 pages")):
            seconds, memory = speed(500, finder, whole=whole)
            print(f"{what}: {seconds:.1f} s of one core, {memory:.0f} MB at the most")
        seconds, memory = speed_of_pdf(500, finder)
        print(f"one PDF of 500 pages: {seconds:.1f} s of one core, {memory:.0f} MB at the most in either process")


if __name__ == "__main__":
    main()
