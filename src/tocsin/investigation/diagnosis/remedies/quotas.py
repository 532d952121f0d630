"""Remedies on quotas."""

from fractions import Fraction

from tocsin.investigation.diagnosis.quantity import bytes_text, cores_text, parse_quantity
from tocsin.investigation.diagnosis.reference import escape
from tocsin.investigation.diagnosis.remedies.command import Command, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.resources import Resource


def raise_quota(quota: Resource, kind: str, asked: str, times: int) -> Command:
    """Allow as much more of a kind as was asked for ("500m", "1Gi", "1") and refused, for so many pods."""
    used = parse_quantity(quota.get(f"status/used/{escape(kind)}")) or Fraction(0)
    most = quota.get(f"status/hard/{escape(kind)}")
    new = _text(kind, used + times * (parse_quantity(asked) or Fraction(0)))
    return patch(
        quota.subject,
        f"/spec/hard/{escape(kind)}",
        most,
        new,
        purpose=f"allow {new} of {kind} in {quota.namespace}",
        before="whoever set the quota agrees, and the request is not too large by mistake",
        verify=Verify(
            kubectl("describe", "resourcequota", quota.name, of=quota.subject), f"{kind} with {new} under Hard"
        ),
    )


def _text(kind: str, amount: Fraction) -> str:
    sized = kind.endswith(("memory", "storage"))
    return bytes_text(amount) if sized else cores_text(amount)
