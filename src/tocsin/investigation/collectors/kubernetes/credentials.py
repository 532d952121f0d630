"""How to reach a cluster and who we are there: a kubeconfig or the pod's service account, as kubectl would read them.

Reading a kubeconfig is left to `kubernetes_asyncio.config` (contexts, exec plugins, OIDC, token files, certificates). Its package
brings the whole generated client along (0.3 s, 38 MB), so it is imported when a cluster is really looked at. Credentials
are read anew for each look, which is how rotated tokens and certificates are taken up.
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import yaml

from tocsin.ground.redaction import redact_text
from tocsin.investigation.collectors.kubernetes.endpoint import ClusterUnreachable, Endpoint, proxy_for
from tocsin.investigation.collectors.kubernetes.service_account import own_endpoint

_PLUGIN_SECONDS = 30
_one_at_a_time = threading.Lock()


class _PluginLoop(asyncio.SelectorEventLoop):
    """An event loop that knows the processes it started: a credential plugin that hangs must not stay behind."""

    def __init__(self) -> None:
        super().__init__()
        self._children: list[asyncio.SubprocessTransport] = []

    async def subprocess_exec(self, *args: Any, **kwargs: Any) -> Any:
        transport, protocol = await super().subprocess_exec(*args, **kwargs)
        self._children.append(transport)
        return transport, protocol

    async def finish(self, loading: Coroutine[Any, Any, Any]) -> Any:
        """What `loading` returns; its processes have ended by then, if need be killed."""
        try:
            return await asyncio.wait_for(loading, _PLUGIN_SECONDS)
        finally:
            for child in self._children:
                child.close()  # kills it if it still runs
                while child.get_returncode() is None:
                    await asyncio.sleep(0.01)


async def load_endpoint(kubeconfig: str | None, context: str | None, *, in_cluster: bool = False) -> Endpoint:
    """The endpoint of `context` (default: the current one) in `kubeconfig` (default: as for kubectl).

    Without any kubeconfig, or with `in_cluster`, a pod's service account serves. Raises ClusterUnreachable.
    """
    paths = kubeconfig or os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    is_there = any(Path(path).expanduser().exists() for path in paths.split(os.pathsep) if path)
    if in_cluster or (not kubeconfig and not is_there and "KUBERNETES_SERVICE_HOST" in os.environ):
        return own_endpoint()
    if not is_there:
        raise ClusterUnreachable(f"no kubeconfig at {paths}; name one with --kubeconfig or KUBECONFIG")
    return await asyncio.to_thread(_load, paths, context)


def _load(paths: str, context: str | None) -> Endpoint:
    # in a thread of its own: the import takes time, and the library keeps its temporary files in one global
    with _one_at_a_time:
        from kubernetes_asyncio.client import Configuration
        from kubernetes_asyncio.config import ConfigException, kube_config

        # it logs what a plugin said before raising it, and that may hold a token
        logging.getLogger("kubernetes_asyncio").setLevel(logging.CRITICAL + 1)
        settings = Configuration()
        try:
            loading = kube_config.load_kube_config(paths, context, settings, persist_config=False)
            loop = _PluginLoop()
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                loader = runner.run(loop.finish(loading))
            chosen = (loader.current_context or {})["context"]
            return _endpoint(settings, chosen["cluster"], chosen.get("namespace") or "")
        except TimeoutError as error:
            raise ClusterUnreachable(f"{paths}: the credential plugin did not answer in {_PLUGIN_SECONDS} s") from error
        except (ConfigException, OSError, ValueError, yaml.YAMLError) as error:
            raise ClusterUnreachable(f"{paths}: {_one_line(error)}") from error
        except (AssertionError, AttributeError, KeyError, TypeError) as error:  # how the library meets a misshapen file
            raise ClusterUnreachable(f"{paths}: not a complete kubeconfig ({_one_line(error)})") from error
        finally:
            kube_config._cleanup_temp_files()  # keys that it had to write to disk; they are loaded by now


def _endpoint(settings: Any, cluster: str, namespace: str) -> Endpoint:
    """`settings` is the library's Configuration, filled."""
    return Endpoint(
        url=settings.host.rstrip("/"),
        cluster=cluster,
        namespace=namespace,
        authorization=(settings.api_key.get("BearerToken") or "").strip(),
        tls=_tls(settings) if settings.host.startswith("https") else None,
        tls_server_name=settings.tls_server_name,
        proxy=proxy_for(settings.proxy, settings.host),
    )


def _tls(settings: Any) -> ssl.SSLContext:
    tls = ssl.create_default_context(cafile=settings.ssl_ca_cert)
    if settings.cert_file:
        tls.load_cert_chain(settings.cert_file, settings.key_file)
    if not settings.verify_ssl:
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    return tls


def _one_line(error: Exception) -> str:
    # without a key: nobody compares these placeholders
    return redact_text(" ".join(str(error).split())[:300], b"") or type(error).__name__
