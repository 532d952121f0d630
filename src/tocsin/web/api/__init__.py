"""The API for programs: /api/v1, described at /api/v1/openapi.json (OpenAPI 3.1)."""
