"""Working through the queue at a terminal: look, correct, decide, one document after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from rich.console import Console
from rich.text import Text

from sheaf_cli.connecting import sentence
from sheaf_cli.tables import WIDEST, document
from sheaf_client import Client, Refused
from sheaf_client.errors import Changed, Gone, NotFound
from sheaf_client.models import (
    Approval,
    CorrectionRequest,
    DocumentItemView,
    DocumentType,
    DocumentView,
    Refusal,
    Severity,
)

HELP = """\
  total=12.50      correct a field; total= takes it away; document_type=credit_note
  undo total       back to what was read
  a                approve           r REASON    reject
  s                skip              q           stop
  o                the link to the file           v   show it again, with all lines\
"""
_MOST_LINES = 12


class Step(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    QUIT = "quit"


def work_through(sheaf: Client, waiting: Iterable[DocumentItemView], console: Console) -> Counter[Step]:
    """Each is claimed while it is on the screen; what is not decided is let go, however this ends."""
    done: Counter[Step] = Counter()
    for item in waiting:
        try:
            view = sheaf.documents.claim(item.id)
        except Refused as refusal:
            console.print(f"{item.filename} is passed over: {refusal}", style="dim", markup=False)
            continue
        step = Step.QUIT
        try:
            step = _Review(sheaf, view, console).decide()
        finally:
            if step not in {Step.APPROVED, Step.REJECTED}:
                _release(sheaf, item.id)
        if step is Step.QUIT:
            break
        done[step] += 1
    return done


def _release(sheaf: Client, document_id: str) -> None:
    try:
        sheaf.documents.release(document_id)
    except (NotFound, Changed):
        return  # somebody deleted or changed it meanwhile: there is no claim of ours left


class _Review:
    """One document on the screen. ``view`` is what the person has seen, and what their changes are to."""

    def __init__(self, sheaf: Client, view: DocumentView, console: Console) -> None:
        self._sheaf = sheaf
        self._view = view
        self._console = console

    def decide(self) -> Step:
        self._show()
        while True:
            try:
                step = self._obey(self._ask("[bold]a[/]pprove, [bold]r[/]eject, field=value, [bold]?[/] > "))
            except (EOFError, KeyboardInterrupt):
                self._console.print()
                return Step.QUIT
            except Changed:
                self._console.print("Somebody changed it meanwhile; this is how it is now.", style="yellow")
                self._look_again()
            except Refused as refusal:
                self._console.print(sentence(refusal), style="red", markup=False)
            else:
                if step is not None:
                    return step

    def _obey(self, said: str) -> Step | None:
        word, _, rest = said.partition(" ")
        match word.lower():
            case "a" | "approve":
                return self._approve()
            case "r" | "reject":
                return self._reject(rest.strip())
            case "s" | "skip":
                return Step.SKIPPED
            case "q" | "quit":
                return Step.QUIT
            case "o" | "open":
                self._console.print(self._link(), soft_wrap=True, markup=False, highlight=False)
            case "v" | "view":
                self._look_again(most_lines=None)
            case "undo" if rest:
                self._correct(CorrectionRequest(undo=rest.split()))
            case _ if "=" in said:
                self._correct(correction([said]))
            case _:
                self._console.print(HELP, markup=False, highlight=False)
        return None

    def _approve(self) -> Step | None:
        checks = self._view.reading.checks if self._view.reading else []
        standing = [check for check in checks if check.severity is Severity.ERROR]
        for check in standing:
            if self._ask(Text(f"{check.message} Is it right as it is? [y/N] ")).lower() not in {"y", "yes"}:
                return None
        accepted = sorted({check.code for check in standing})
        view = self._sheaf.documents.approve(self._view.id, Approval(accept=accepted))
        self._console.print(f"{view.filename}: {view.status.replace('_', ' ')}", style="green", markup=False)
        return Step.APPROVED

    def _reject(self, reason: str) -> Step | None:
        reason = reason or self._ask("Why? ")
        if not reason:
            return None
        self._sheaf.documents.reject(self._view.id, Refusal(reason=reason))
        self._console.print(f"{self._view.filename}: rejected", style="red", markup=False)
        return Step.REJECTED

    def _correct(self, request: CorrectionRequest) -> None:
        self._view = self._sheaf.documents.correct(self._view.id, request)
        self._show(most_lines=0)

    def _look_again(self, *, most_lines: int | None = 0) -> None:
        self._view = self._sheaf.documents.get(self._view.id)
        self._show(most_lines=most_lines)

    def _show(self, *, most_lines: int | None = _MOST_LINES) -> None:
        self._console.print()
        shown = document(self._view, most_lines=most_lines)
        self._console.print(shown, width=min(self._console.width, WIDEST))
        if self._console.is_terminal:
            link = self._link()
            style = f"link {link}" if link.startswith("http") else "dim"
            self._console.print(Text("The file" if link.startswith("http") else link, style))

    def _ask(self, prompt: str | Text) -> str:
        return self._console.input(prompt).strip()

    def _link(self) -> str:
        """With the page, where the document is a part of a file."""
        try:
            link = self._sheaf.documents.file(self._view.id)
        except (Gone, NotFound) as refusal:
            return str(refusal)
        return f"{link.url}#page={link.first_page}" if link.first_page else link.url


def correction(assignments: Iterable[str]) -> CorrectionRequest:
    """Of ``field=value`` each; nothing after the sign takes the field away. Raises ValueError."""
    fields: dict[str, str | None] = {}
    kind: DocumentType | None = None
    for each in assignments:
        name, sign, value = (part.strip() for part in each.partition("="))
        if not sign or not name:
            raise ValueError(f"{each!r} is no correction: say field=value")
        if name == "document_type":
            kind = DocumentType(value)
        else:
            fields[name.replace(" ", "_")] = value or None
    return CorrectionRequest(fields=fields, document_type=kind)
