"""Runs a source: open, read, make claims, load, clean up, report; alike for every source."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from ingest.places.corrections import joins
from ingest.places.described import CLDR, GEONAMES, Places
from ingest.places.newcomers import NewPlace, NewPlaces, write_list
from ingest.places.resolver import Resolver
from ingest.rows import Ignore, Question, Reject, Row
from ingest.run.account import Account, Quarantine, quarantine_path
from ingest.run.protocol import Opened, Request, SourceModule, source_module
from ingest.run.spool import Spool
from kg.errors import DataError, EngineError, KgError, LoadError
from kg.model.claims import Claim, Source, check_claim
from kg.model.joining import joined, relates
from kg.model.text import plain_text
from kg.store.driver import Graph
from kg.store.forget.redact import Redactor, redactor_of
from kg.store.load import SHRINK_LIMIT, Changes, Loader, batches, ids_of
from kg.store.local.keep import remove_old
from kg.store.runs import LoadLock, Outcome, begin_run, end_run, load_lock, new_run_id
from kg.store.schema import ensure_schema

CHUNK = 4000
"""Rows made into claims and loaded at a time: bounds the client's memory whatever the size of the file."""

_IDS = 50_000
_SHOWN = 5

AskNew = Callable[[Sequence[NewPlace]], bool]
Progress = Callable[[str, int], None]
"""Called with what is done (``read`` or ``loaded``) and the number of rows it is done with; ``loaded`` ones are in the graph."""


def _untold(_what: str, _rows: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run behaves."""

    dry_run: bool = False
    """Make claims and report, load nothing."""
    strict: bool = False
    """Load nothing at all when any row is rejected."""
    allow_shrink: bool = False
    """Let more than a fifth of the dataset's claims go."""
    new: NewPlaces = "reject"
    """What becomes of new places that may be known ones."""
    ask: AskNew | None = None
    """Asked about these before anything is loaded, where ``new`` is ``ask``: whether they are new places."""

    @property
    def refuses(self) -> bool:
        """Whether rows with a doubtful new place are questions, until somebody was asked."""
        return self.new == "reject" or (self.new == "ask" and (self.ask is None or self.dry_run))


@dataclass(slots=True)
class Report:
    """What a run did."""

    dataset: str
    run_id: str
    account: Account = field(default_factory=Account)
    changes: Changes = field(default_factory=Changes)
    quarantine: Path | None = None
    warnings: list[str] = field(default_factory=list[str])
    rules: dict[str, int] = field(default_factory=dict[str, int])
    """How many mentions each rule of the resolver answered."""
    samples: list[tuple[Row, list[Claim]]] = field(default_factory=list[tuple[Row, list[Claim]]])
    """The first rows with their claims, for a look before loading."""
    new: list[NewPlace] = field(default_factory=list[NewPlace])
    """The places that nobody knew before, at most ten thousand, the doubtful ones first."""
    new_list: Path | None = None
    """Where they are listed."""


class KeepsRows(Protocol):
    """Where rejected rows go."""

    def add(self, row: Row, reason: str, question: Question | None = None) -> None:
        """Keep one of them."""
        ...


@dataclass(slots=True)
class Answer:
    """What became of one row that was made into claims once more."""

    claims: Sequence[Claim] = ()
    reason: str = ""
    """Why it was rejected again; empty when it was taken."""
    question: Question | None = None

    def add(self, row: Row, reason: str, question: Question | None = None) -> None:  # noqa: ARG002 - it knows its row
        """Note that it was rejected."""
        self.reason, self.question = reason, question


@dataclass(slots=True)
class _Run:
    """One run under way."""

    module: SourceModule
    opened: Opened[Any]
    places: Places
    report: Report
    progress: Progress
    _stated: set[int] = field(default_factory=set[int])
    """Hashes of what rows stated already: 40 bytes a row."""

    def again(self) -> None:
        """Start anew, with rows of doubtful new places as questions: a person was asked and said no."""
        self.places = Places(self.places.resolver, refuse_doubtful=True)
        self.report.account, self.report.samples = Account(), []
        self._stated.clear()

    def chunks(self, quarantine: KeepsRows | None, given: Iterable[Row] = ()) -> Iterator[tuple[int, list[Claim]]]:
        """(rows that gave claims, claims) for each chunk of rows, of the source or of those ``given``."""
        for rows in batches(given or self.module.read(self.opened), CHUNK):
            claims: list[Claim] = []
            taken = sum(self._take(self._corrected(self._cleaned(row)), claims, quarantine) for row in rows)
            described = (self._joined(claim) for claim in self.places.drain())
            yield taken, [claim.of(claim.dataset or self.opened.dataset) for claim in (*described, *claims)]
            self.progress("read", self.report.account.read)

    def _take(self, row: Row, claims: list[Claim], quarantine: KeepsRows | None) -> bool:
        account = self.report.account
        account.read += 1
        try:
            made = self._claims(row)
        except Ignore as reason:
            account.ignored[str(reason)] += 1
        except (Reject, DataError) as reason:
            account.reject(str(reason), row)
            if quarantine:
                quarantine.add(row, str(reason), reason.question if isinstance(reason, Reject) else None)
        else:
            self.places.keep()
            if len(self.report.samples) < 5:
                self.report.samples.append((row, made))
            claims += made
            return True
        self.places.undo()
        return False

    def _claims(self, row: Row) -> list[Claim]:
        """The claims of a row that says something new."""
        if row.problem:
            raise Reject(row.problem)
        if not any(row.values.values()):
            raise Ignore("empty row")
        made = [self._joined(check_claim(claim)) for claim in self.module.to_claims(row, self.opened, self.places)]
        stated = hash(tuple((claim.id, claim.as_of) for claim in made))
        if stated in self._stated:
            self.places.keep()  # the row is one more description of its places, which may differ
            raise Ignore("repeated row")
        self._stated.add(stated)
        return made

    def _joined(self, claim: Claim) -> Claim:
        """The claim as it is said of the places that the user joined others into."""
        for place, into in joins(self.places.resolver.own).items():
            if relates(claim, place, into):
                raise Reject(f"both are the same place: you joined {place} into {into}; kg merge-places --undo parts them")
            claim = joined(claim, place, into)
        return claim

    def _cleaned(self, row: Row) -> Row:
        """The one door through which text of others comes in."""
        values = {name: plain_text(value) if isinstance(value, str) else value for name, value in row.values.items()}
        if values == row.values:
            return row
        account = self.report.account
        account.cleaned += 1
        account.first_cleaned = account.first_cleaned or row.place
        return replace(row, values=values)

    def _corrected(self, row: Row) -> Row:
        for known in self.opened.request.descriptor.corrections:
            if row.values.get(known.column) == known.value:
                self.report.account.corrected[known.reason] += 1
                row = replace(row, values={**row.values, **known.cells})
        return row


def ingest(
    graph: Graph | None, name: str, request: Request, options: Options = Options(), progress: Progress = _untold
) -> Report:
    """Ingest one source; ``graph`` may be None for a dry run only.

    Raises:
        KgError: when the source cannot be opened, the load is refused, or rows were rejected and ``strict`` is set.
    """
    module = source_module(name)
    request.check_options()
    opened = module.open_source(request)
    report = Report(opened.dataset, new_run_id(), warnings=list(_warnings(opened)))
    resolver = Resolver.open(request.settings)
    with closing(resolver.gazetteer):
        run = _Run(module, opened, Places(resolver, refuse_doubtful=options.refuses), report, progress)
        if options.dry_run:
            _try(run, options)
        else:
            assert graph is not None
            _load(graph, run, options)
    _expect(report, request)
    report.warnings += _unused(report, request, resolver)
    return report


def rows_again(request: Request, rows: Sequence[Row]) -> tuple[tuple[Source, ...], list[Answer]]:
    """Make rows that were rejected into claims once more, each for itself: the sources, and an answer for each row.

    Raises:
        KgError: when the source cannot be opened, such as when its file is no longer there.
    """
    module = source_module(request.descriptor.name)
    opened = module.open_source(request)
    resolver = Resolver.open(request.settings)
    answers: list[Answer] = []
    with closing(resolver.gazetteer):
        for row in rows:
            answer = Answer()
            run = _Run(module, opened, Places(resolver, refuse_doubtful=True), Report(opened.dataset, ""), _untold)
            answer.claims = [claim for _, claims in run.chunks(answer, [row]) for claim in claims]
            answers.append(answer)
    return opened.sources, answers


def _end_of_rows(run: _Run, options: Options) -> None:
    account, report = run.report.account, run.report
    account.check()
    report.rules = run.places.resolutions
    report.warnings += run.opened.remarks()
    report.new = run.places.new.listed()
    if report.new:
        name = f"{report.dataset.replace(':', '-')}-{report.run_id}-new-places.csv"
        report.new_list = run.opened.request.settings.home / "quarantine" / name
        write_list(report.new_list, report.new)
    if run.places.new.unlisted:
        report.warnings.append(f"{run.places.new.unlisted} more mentions name new places that are not listed")
    if account.cleaned:
        report.warnings.append(
            f"characters that no text may hold (controls, U+FFFE, halves of pairs) were taken out of {account.cleaned} rows,"
            f" first at {account.first_cleaned}"
        )
    if options.strict and account.rejected:
        reasons = "; ".join(f"{account.first[reason]}: {reason} ({n})" for reason, n in account.rejected.most_common(5))
        raise DataError(f"{account.rejected.total()} of {account.read} rows would be rejected, so nothing was loaded: {reasons}")


def _load(graph: Graph, run: _Run, options: Options) -> None:
    report, settings = run.report, run.opened.request.settings
    remove_old(settings.home, settings.keep_days)
    ensure_schema(graph)
    with load_lock(graph, report.run_id) as lock:
        redactor = redactor_of(graph)
        begin_run(graph, report.run_id, redactor.identifier(report.dataset))
        try:
            if not _loaded(graph, run, options, lock, redactor):
                run.again()
                _ = _loaded(graph, run, replace(options, new="reject"), lock, redactor)
        except EngineError:
            raise  # nothing can be put on record now; the next load will note that this one was interrupted
        except OSError as error:
            end_run(graph, report.run_id, _outcome("failed", report))
            raise LoadError(
                f"the rows cannot be read, or not be kept in {settings.home} ({error}); nothing was loaded"
            ) from error
        except (KgError, KeyboardInterrupt):
            end_run(graph, report.run_id, _outcome("failed", report))
            raise
        end_run(graph, report.run_id, _outcome("done", report))


def _loaded(graph: Graph, run: _Run, options: Options, lock: LoadLock, redactor: Redactor) -> bool:
    """Rehearse and load; False when a person was asked about doubtful new places and said no, so that nothing was loaded."""
    with Spool(run.opened.request.settings.home) as spool:
        _rehearse(graph, run, options, spool, lock, redactor)
        doubtful = [new for new in run.report.new if new.doubt]
        if doubtful and options.new == "ask" and options.ask and not options.ask(doubtful):
            return False
        _load_locked(graph, run, options, spool, lock)
    return True


def _try(run: _Run, options: Options) -> None:
    """A dry run: rows are judged and kept as in a load, and nothing is loaded."""
    report, request = run.report, run.opened.request
    quarantine = Quarantine(quarantine_path(request.settings.home, report.dataset, report.run_id), request.kept())
    with quarantine.opened():
        for taken, _ in run.chunks(quarantine):
            report.account.loaded += taken
        _end_of_rows(run, options)
    report.quarantine = quarantine.path if quarantine.count else None


def _rehearse(graph: Graph, run: _Run, options: Options, spool: Spool, lock: LoadLock, redactor: Redactor) -> None:
    """Make every claim and judge the whole, before the first one is written: what is refused here has changed nothing."""
    report = run.report
    request = run.opened.request
    quarantine = Quarantine(quarantine_path(request.settings.home, report.dataset, report.run_id), request.kept())
    with quarantine.opened():
        for taken, claims in run.chunks(quarantine):
            # As they will stand in the graph: a person who was forgotten is no loss.
            spool.add(taken, list(filter(None, map(redactor.claim, claims))))
            report.account.loaded += taken
            lock.confirm()
        _end_of_rows(run, options)
        spool.seal()
        if not options.allow_shrink:
            _refuse_shrinking(graph, run, spool, redactor)
    report.quarantine = quarantine.path if quarantine.count else None
    report.account.loaded = 0


def _refuse_shrinking(graph: Graph, run: _Run, spool: Spool, redactor: Redactor) -> None:
    dataset, total, gone = run.report.dataset, 0, 0
    for ids in batches(ids_of(graph, redactor.identifier(dataset)), _IDS):
        total, gone = total + len(ids), gone + spool.missing(ids)
    if gone > SHRINK_LIMIT * total:
        other = "--option dataset=NAME keeps both" if "dataset" in run.opened.request.descriptor.options else ""
        raise LoadError(
            f"{gone} of {total} claims of {dataset!r} are no longer stated, more than a fifth; nothing was changed. If the source"
            f" really shrank so much, run again with --allow-shrink{f'; if this is another list, {other}' if other else ''}"
        )


def _load_locked(graph: Graph, run: _Run, options: Options, spool: Spool, lock: LoadLock) -> None:
    report = run.report
    loader = Loader(graph, report.dataset, report.run_id, lock.fence)
    loader.sources([GEONAMES, CLDR, *map(_cleaned_source, run.opened.sources)])
    for taken, claims in spool.chunks():
        report.changes += loader.load(claims)
        report.account.loaded += taken
        run.progress("loaded", report.account.loaded)
        lock.confirm()
    report.account.check()
    report.changes += loader.finish(allow_shrink=options.allow_shrink)


def _cleaned_source(source: Source) -> Source:
    texts = {name: getattr(source, name) for name in Source.__slots__}
    return replace(source, **{name: plain_text(text) for name, text in texts.items() if isinstance(text, str)})


def _outcome(status: str, report: Report) -> Outcome:
    account = report.account
    return Outcome(status, account.read, account.loaded, account.ignored.total(), account.rejected.total(), report.changes.total)


def _warnings(opened: Opened[Any]) -> Iterator[str]:
    yield from opened.notes
    if opened.unknown_columns:
        yield f"columns neither used nor ignored by name: {', '.join(opened.unknown_columns)}"


def _unused(report: Report, request: Request, resolver: Resolver) -> Iterator[str]:
    """Corrections that nothing called for: of the user's own, and of the publisher's mistakes that the descriptor knows."""
    if own := [f"{c.name}, {c.country}" if c.country else c.name for c in resolver.unused()]:
        more = f" and {len(own) - _SHOWN} more" if len(own) > _SHOWN else ""
        yield f"of your corrections.csv nothing here called for {'; '.join(own[:_SHOWN])}{more}: is it spelt as the source does?"
    for known in request.descriptor.corrections:
        there = any(known.column in row.values for row, _ in report.samples)
        if there and known.reason not in report.account.corrected:
            yield f"the correction of {known.column} {known.value} was not called for: {known.reason}"


def _expect(report: Report, request: Request) -> None:
    rows = request.descriptor.rows
    if not rows.minimum <= report.account.read <= rows.maximum:
        report.warnings.append(
            f"{report.account.read} rows were read, outside of the {rows.minimum}-{rows.maximum} that {request.descriptor.name!r}"
            " usually has; see whether the file is the right one and complete"
        )
