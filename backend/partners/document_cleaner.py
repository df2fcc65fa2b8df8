"""A program of its own that takes a file apart: it reads one from standard input and writes a line with the
verdict, then what may be kept of it. `document_checks` runs it.

It is apart from the rest because it does what an attacker hopes for, handing a stranger's bytes to parsers:
here there are no keys, no database and little memory, and after some seconds the kernel ends it.
"""

import resource
import sys

import puremagic

from backend.partners.document_verdicts import PDF, PICTURES, Refused, Verdict

MEMORY = 1024**3
SECONDS = 10


def keep_within_limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # Nothing here writes a file or starts a program.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def sniff(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def clean(content: bytes) -> tuple[Verdict, bytes]:
    """What the file is, and what may be kept of it; raises Refused. The sender's name and type for it
    are not even asked for."""
    kind = sniff(content)
    if kind in PICTURES:
        from backend.partners.document_pictures import redraw

        return Verdict.JPEG, redraw(content)
    if kind == PDF:
        from backend.partners.document_pdfs import check_pdf

        check_pdf(content)
        return Verdict.PDF, content
    raise Refused(Verdict.WRONG_TYPE)


def judge(content: bytes) -> tuple[Verdict, bytes]:
    try:
        return clean(content)
    except Refused as refusal:
        return refusal.verdict, b""
    except (MemoryError, RecursionError):
        return Verdict.TOO_COMPLEX, b""
    # Parsers raise whatever they like at broken files.
    except Exception:
        return Verdict.UNREADABLE, b""


def main() -> None:
    keep_within_limits()
    verdict, kept = judge(sys.stdin.buffer.read())
    sys.stdout.buffer.write(verdict.encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
