"""Who sent it: by a signature with the source's key, or by Amazon SNS' own; and whether the same came before."""

from __future__ import annotations

import hashlib
import hmac

from tocsin.alerts import sns
from tocsin.alerts.arrival import Arrival
from tocsin.alerts.verify import is_genuine
from tocsin.ground.secrets import derived_key
from tocsin.web.hooks.kinds import Kind
from tocsin.web.hooks.senders import Registered
from tocsin.web.hooks.subscriptions import Subscriptions


class Unproven(Exception):
    """A body that may be from anybody: a status, and the reason for its sender."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Proofs:
    """Looks at what senders prove themselves with."""

    def __init__(self, secret: str, subscriptions: Subscriptions) -> None:
        """`secret` is the installation's secret key."""
        self._key, self._subscriptions = derived_key(secret, "deliveries"), subscriptions

    async def check(self, kind: Kind, registered: Registered, arrival: Arrival) -> str | None:
        """What makes this delivery the same when it comes again; None for what is known by its token alone, or repeats itself.

        Raises Unproven.
        """
        if kind.is_sns:
            return await self._by_sns(registered, arrival.body)
        if not registered.keys:
            return None
        signature = kind.signature
        if signature is None or not is_genuine(signature, registered.keys, arrival.headers, arrival.body):
            raise Unproven(401, "the signature is missing, or was not made with the key that was given to this source")
        return self._mark(arrival.body) if signature.digest and not signature.repeats else None

    async def _by_sns(self, registered: Registered, body: bytes) -> str:
        try:
            message = await self._subscriptions.check(registered, body)
            if message.type == sns.SUBSCRIPTION:
                await self._subscriptions.confirm(registered, message)
        except sns.Untrusted as error:
            raise Unproven(403, f"this is not taken for a message of SNS: {error}") from error
        return self._mark(message.message_id.encode())

    def _mark(self, said: bytes) -> str:
        # keyed, so that the mark tells nothing of a body that was redacted
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()
