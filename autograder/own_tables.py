"""Tables of ours beside nbgrader's, in the course's gradebook: their rows are only ever added."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, inspect, select
from sqlalchemy.schema import CreateTable

__all__ = ["ensure", "rows", "table_about_parts"]


def table_about_parts(name: str, *columns: Column[Any]) -> Table:
    """Make a table whose rows are about a part of a learner's work; an empty name means all of it."""
    return Table(
        name,
        MetaData(),
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("exercise", String(128), nullable=False, index=True),
        Column("learner", String(128), nullable=False),
        Column("notebook", String(128), nullable=False),
        Column("cell", String(128), nullable=False),
        *columns,
    )


def ensure(db: Connection, table: Table) -> None:
    """Make a table where a gradebook has none; two that do so at one moment make one."""
    db.execute(CreateTable(table, if_not_exists=True))


def rows(db: Connection, table: Table, exercise: str) -> list[dict[str, Any]]:
    """Read every row about an exercise, oldest first; none where the table was never made."""
    if not inspect(db).has_table(table.name):
        return []
    asked = select(table).where(table.c.exercise == exercise).order_by(table.c.id)
    return [dict(row._mapping) for row in db.execute(asked)]
