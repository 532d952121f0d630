"""The API server as a pod of the cluster reaches it: the files and variables that Kubernetes puts into every container.

Format: "Accessing the Kubernetes API from a Pod" of the Kubernetes documentation. Read here rather than by the client library,
which would cost an agent a third of its memory for these four values.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

from tocsin.investigation.collectors.kubernetes.endpoint import ClusterUnreachable, Endpoint

FOLDER = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def own_endpoint(environ: Mapping[str, str] = os.environ, folder: Path = FOLDER) -> Endpoint:
    """The endpoint of the cluster that this runs in, read anew: tokens are replaced every hour.

    Never by way of a proxy: the address lies inside. Raises ClusterUnreachable: this is no pod, or one without the files.
    """
    host, port = environ.get("KUBERNETES_SERVICE_HOST", ""), environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise ClusterUnreachable(
            "KUBERNETES_SERVICE_HOST is not set: this does not run in a cluster; name a kubeconfig"
        )
    try:
        token = (folder / "token").read_text().strip()
        tls = ssl.create_default_context(cafile=str(folder / "ca.crt"))
    except OSError as error:
        why = f"{folder}: {error.strerror or error}; is automountServiceAccountToken off?"
        raise ClusterUnreachable(why) from error
    namespace = folder / "namespace"
    return Endpoint(
        url=f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}",
        cluster="in-cluster",
        namespace=namespace.read_text().strip() if namespace.exists() else "",
        authorization=f"Bearer {token}",
        tls=tls,
        tls_server_name=None,
        proxy=None,
    )
