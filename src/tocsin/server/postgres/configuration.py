"""PostgreSQL's three configuration files, as text. They are written anew at each start (pure)."""

from __future__ import annotations

ROLE = "tocsin"
SUPERUSER = "postgres"
DATABASE = "tocsin"

POSTGRESQL_CONF = """\
# Written by Tocsin at each start. Own settings: ALTER SYSTEM as the superuser, kept in postgresql.auto.conf.
listen_addresses = ''              # the socket in a private folder is the only way in
unix_socket_permissions = 0700
max_connections = 100

# memory is touched as it is used: an idle server holds little of it
shared_buffers = 128MB
huge_pages = off
work_mem = 8MB
maintenance_work_mem = 64MB
jit = off                          # compiling costs more than our short queries

# few processes: no I/O workers, no parallel query, no replication
io_method = sync
max_worker_processes = 2
max_parallel_workers = 0
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
max_logical_replication_workers = 0
wal_level = minimal                # backups are made by pg_dump
max_wal_senders = 0

# what was acknowledged stays
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 512MB
min_wal_size = 32MB
checkpoint_timeout = 15min

timezone = 'UTC'
log_timezone = 'UTC'
default_text_search_config = 'pg_catalog.english'

# a week of logs in seven files. Statements and details carry people's data: they stay out
logging_collector = on
log_directory = '../log'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] '
log_checkpoints = off
log_min_error_statement = panic
log_error_verbosity = terse
"""

PG_HBA_CONF = """\
# Written by Tocsin at each start: only the operating system's user that runs Tocsin, over the socket.
local all all peer map=tocsin
"""

# what a new cluster gets before it is first served, in PostgreSQL's single-user mode: one statement a line
NEW_CLUSTER_SQL = f"""\
CREATE EXTENSION vector
CREATE ROLE {ROLE} LOGIN CREATEDB
CREATE DATABASE {DATABASE} OWNER {ROLE}
"""


def ident_conf(system_user: str) -> str:
    """pg_ident.conf: lets this system user (its name as PostgreSQL sees it) be Tocsin's role or the superuser."""
    quoted = '"' + system_user.replace('"', '""') + '"'
    return f"# Written by Tocsin at each start.\ntocsin {quoted} {ROLE}\ntocsin {quoted} {SUPERUSER}\n"
