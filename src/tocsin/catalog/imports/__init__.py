"""Catalogues as they are written elsewhere: Backstage entities, Kubernetes objects, our own YAML. Pure."""
