"""What a page costs: ``python -m benchmarks.typesetting``.

Invoices of 1 to 500 lines, each as a PDF/A-3 with its Factur-X inside, then as UBL alone. CPU time, the
fastest of some rounds (each another invoice, so that nothing is remembered); the memory is the most that the
process has had so far.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from sheaf.billing.document import IssuedDocument
from sheaf.billing.rendering import ubl
from sheaf.billing.rendering.pdf import render_pdf
from sheaf.billing.sums import Totals, totals
from tests.builders.issued import issued, long_document

_ROUNDS = 5
_LINES = (1, 10, 60, 500)
_KIB = 1024


def main() -> None:
    table = Table("lines", "PDF: CPU ms", "PDF: KiB", "UBL: CPU ms", "UBL: KiB", "most memory: MiB")
    first, _ = _measured(render_pdf, issued())
    for lines in _LINES:
        documents = [long_document(lines, notes=f"Round {at}") for at in range(_ROUNDS)]
        pdf = min(_measured(render_pdf, each) for each in documents)
        xml = min(_measured(ubl.to_xml, each) for each in documents)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB
        numbers = (f"{pdf[0]:.0f}", f"{pdf[1] / _KIB:.0f}", f"{xml[0]:.1f}", f"{xml[1] / _KIB:.0f}")
        table.add_row(str(lines), *numbers, str(memory))
    console = Console()
    console.print(table)
    console.print(f"The first page of a process, with what it imports and the fonts: {first:.0f} ms")


def _measured(
    write: Callable[[IssuedDocument, Totals], bytes], document: IssuedDocument
) -> tuple[float, int]:
    sums = totals(document.content)
    begin = time.process_time()
    written = write(document, sums)
    return (time.process_time() - begin) * 1000, len(written)


if __name__ == "__main__":
    main()
