"""PostgreSQL from the wheel's programs: started, watched and stopped by us, reached over a private socket."""

from tocsin.server.postgres.errors import PostgresError
from tocsin.server.postgres.server import RunningPostgres
from tocsin.server.postgres.start import running_url, start_postgres

__all__ = ["PostgresError", "RunningPostgres", "running_url", "start_postgres"]
