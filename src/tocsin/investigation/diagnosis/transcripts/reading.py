"""Which tool printed a text, and what it tells: the one way into this package."""

from datetime import datetime

from tocsin.investigation.diagnosis.transcripts.argocd import read_argocd
from tocsin.investigation.diagnosis.transcripts.describe import read_describe
from tocsin.investigation.diagnosis.transcripts.lineage import read_lineage
from tocsin.investigation.diagnosis.transcripts.listings import read_listing
from tocsin.investigation.diagnosis.transcripts.queries import read_query
from tocsin.investigation.diagnosis.transcripts.sessions import Asked, commands
from tocsin.investigation.diagnosis.transcripts.transcript import Transcript


def read_transcript(text: str, now: datetime | None = None) -> Transcript | None:
    """Read one output of kubectl, Argo CD or Prometheus, or a terminal session; None for anything else.

    `now` is when it was printed, as far as that is known. Never give it a log: what an application prints may look like
    the output of a tool.
    """
    session = Transcript("a terminal session")
    for asked, output in commands(text):
        session.add(_answer(asked, output, now))
    return _output(text, now) if session.empty else session


def _answer(asked: Asked, output: str, now: datetime | None) -> Transcript:
    """Return what one command of a session printed."""
    if asked.verb == "logs" and asked.pod and output:
        key = f"{asked.namespace}/{asked.pod}/{asked.container}"
        return Transcript("kubectl logs", logs={key: {asked.run: output}})
    return _output(output, now, asked.namespace) or Transcript(f"kubectl {asked.verb}")


def _output(text: str, now: datetime | None, namespace: str = "") -> Transcript | None:
    return (
        read_query(text)
        or read_argocd(text)
        or read_describe(text, now)
        or read_lineage(text, now, namespace)
        or read_listing(text, now, namespace)
    )
