"""What a division, or a join, by hand does to documents, and taking the last one back.

What it takes the place of is set aside, the document of the file too. Undoing exchanges what is there for
what was set aside: undone twice, it is done again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.documents import Division, Document, Rereading, Review, Status, Summary
from sheaf.capture.kept import Aside
from sheaf.capture.library import shown
from sheaf.capture.packets import forget_set_aside
from sheaf.capture.splitting import known_bytes, release_bytes
from sheaf.kernel.errors import Conflict
from sheaf.review.packets import Plan, may_go, parts_of
from sheaf.review.steps import content, seen, stage

if TYPE_CHECKING:
    from sheaf.capture.kept import KeptReading
    from sheaf.capture.views import DocumentView
    from sheaf.kernel.preconditions import IfMatch
    from sheaf.review.ports import Tenant


def give_way(tenant: Tenant, plan: Plan) -> Plan:
    """Stages the end of what could be undone until now; to be committed before the plan is carried out."""
    if not plan.whole.undoable:
        return plan
    return Plan(forget_set_aside(tenant, plan.whole), plan.staying, plan.going, plan.pending)


def carry_out(tenant: Tenant, plan: Plan) -> DocumentView:
    """The document is ``reading`` from here, and its pages are to be recognised."""
    whole = plan.whole
    for part in plan.going:
        _put_aside(tenant, whole, part)
    _put_whole_aside(tenant, whole, None)
    division = Division(
        pending=plan.pending,
        at=tenant.clock.now(),
        knew_bytes=_knows_bytes(tenant, whole),
    )
    release_bytes(tenant, whole)
    after = whole.model_copy(
        update={
            "status": Status.READING,
            "engine": None,
            "failure": None,
            "summary": Summary(),
            "risk": 0,
            "checks": (),
            "supplier_id": None,
            "review": Review(),
            "parts": tuple(part.id for part in plan.staying),
            "division": division,
            "rereading": Rereading(at=division.at, analyses=whole.attempt),
            "undoable": True,
        }
    ).analysed()
    pages = ", ".join(f"{first}-{last}" for first, last in plan.pages)
    return shown(tenant, stage(tenant, whole, after, said={"pages": pages}), None)


def undo_division(tenant: Tenant, document_id: str, if_match: IfMatch) -> DocumentView:
    """What was there before, as it was, with all that people had done; what is there now is set aside.

    Whose it all is, is no part of that: a file, and what it is divided into, is one client's.

    Raises NotFound, PreconditionFailed, Conflict.
    """
    whole = seen(tenant, document_id, if_match)
    asides = {aside.document.id: aside for aside in tenant.set_aside.of(whole.id)} if whole.undoable else {}
    before = asides.pop(whole.id, None)
    if before is None:
        raise Conflict("Nothing was divided or joined by hand that could be undone.", code="nothing_to_undo")
    going = [part for part in parts_of(tenant, whole) if part.id not in before.document.parts]
    may_go(tenant, [whole, *going])
    for part in going:
        _put_aside(tenant, whole, part)
    for aside in asides.values():
        tenant.set_aside.remove(whole.id, aside.document.id)
        tenant.documents.add(aside.document.model_copy(update={"client_id": whole.client_id}))
    _put_whole_aside(tenant, whole, before.kept)
    there = {*whole.parts, *asides}
    parts = tuple(part_id for part_id in before.document.parts if part_id in there)
    after = before.document.model_copy(
        update={
            "version": whole.version,
            "attempt": whole.attempt,
            "client_id": whole.client_id,
            "parts": parts,
            "undoable": True,
        }
    )
    if after.status is Status.READING:  # what was still to be read is given its time anew
        again = Rereading(at=tenant.clock.now(), analyses=whole.attempt)
        after = after.model_copy(update={"rereading": again}).analysed()
    _hand_over_bytes(tenant, whole, after, is_complete=parts == before.document.parts)
    said = {"parts": str(len(parts))}
    return shown(tenant, stage(tenant, whole, after, said=said), before.kept)


def _put_aside(tenant: Tenant, whole: Document, part: Document) -> None:
    tenant.set_aside.put(whole.id, Aside(document=part))
    tenant.documents.remove(part)


def _put_whole_aside(tenant: Tenant, whole: Document, coming: KeptReading | None) -> None:
    """With its reading, if it has one; ``coming`` takes the place of that."""
    tenant.set_aside.put(
        whole.id, Aside(document=whole, kept=content(tenant, whole) if whole.engine else None)
    )
    if coming:
        tenant.readings.put(whole.id, coming)
    elif whole.engine:
        tenant.readings.remove(whole.id)


def _knows_bytes(tenant: Tenant, whole: Document) -> bool:
    digest = known_bytes(tenant, whole)
    return digest is not None and digest.document_id == whole.id


def _hand_over_bytes(tenant: Tenant, whole: Document, after: Document, *, is_complete: bool) -> None:
    """Divided by evidence, it is what other files with its bytes are copies of, as it was before."""
    if after.division:
        release_bytes(tenant, whole)
        return
    sha256, was_first = whole.file and whole.file.sha256, whole.division and whole.division.knew_bytes
    if sha256 and was_first and is_complete and known_bytes(tenant, whole) is None:
        tenant.digests.claim(sha256, whole)
