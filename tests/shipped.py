"""The tables as migrations left them: kept in a schema of their own, put back after each test that commits.

Django empties all 220 tables by TRUNCATE and reads the shipped rows back object by object: over a second for
a test that wrote ten rows. Here only what holds rows is emptied, and the shipped rows are copied.
"""

from django.db import connection, transaction

_TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = %s AND relkind = 'r' AND relname <> 'django_migrations' ORDER BY relname
"""


def remember() -> None:
    """Copies what every table holds; a database that is used again has its copies already."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('shipped')")
        if cursor.fetchone() != (None,):
            return
        cursor.execute("CREATE SCHEMA shipped")
        for table in _with_rows(_tables("public")):
            cursor.execute(f"CREATE TABLE shipped.{table} AS TABLE public.{table}")


def put_back() -> None:
    """Every table holds again what was remembered; triggers and foreign keys sleep meanwhile."""
    copies = _tables("shipped")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _with_rows(_tables("public")):
            cursor.execute(f"DELETE FROM public.{table}")
        for table in copies:
            cursor.execute(f"INSERT INTO public.{table} SELECT * FROM shipped.{table}")


def _tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [schema])
        return [f'"{name}"' for (name,) in cursor.fetchall()]


def _with_rows(tables: list[str]) -> list[str]:
    """Those that are not empty, in one look."""
    looks = [f"SELECT {place} WHERE EXISTS (SELECT FROM public.{name})" for place, name in enumerate(tables)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looks))
        return [tables[place] for (place,) in cursor.fetchall()]
