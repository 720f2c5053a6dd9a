"""nbgrader's tables, as far as grading writes them: declared here so that nbgrader need not be imported.

A test holds every column of this page against nbgrader's own models.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Float, Interval, MetaData, String, Table, Text

__all__ = [
    "METADATA",
    "assignment",
    "base_cell",
    "comment",
    "grade",
    "grade_cells",
    "notebook",
    "source_cell",
    "student",
    "submitted_assignment",
    "submitted_notebook",
    "task_cells",
]

METADATA = MetaData()

student = Table("student", METADATA, Column("id", String(128), primary_key=True))

assignment = Table(
    "assignment",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("duedate", DateTime()),
)

notebook = Table(
    "notebook",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("assignment_id", String(32)),
)

base_cell = Table(
    "base_cell",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("notebook_id", String(32), nullable=False),
    Column("type", String(50)),
)

grade_cells = Table(
    "grade_cells",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("max_score", Float(), nullable=False),
)

task_cells = Table(
    "task_cells",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("max_score", Float(), nullable=False),
)

source_cell = Table(
    "source_cell",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("checksum", String(128)),
    Column("notebook_id", String(32)),
)

submitted_assignment = Table(
    "submitted_assignment",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32)),
    Column("student_id", String(128)),
    Column("timestamp", DateTime()),
    Column("extension", Interval()),
)

submitted_notebook = Table(
    "submitted_notebook",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32)),
    Column("notebook_id", String(32)),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float(0)),
)

grade = Table(
    "grade",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32)),
    Column("cell_id", String(32)),
    Column("auto_score", Float()),
    Column("manual_score", Float()),
    Column("extra_credit", Float()),
    Column("needs_manual_grade", Boolean, nullable=False),
)

comment = Table(
    "comment",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32)),
    Column("cell_id", String(32)),
    Column("auto_comment", Text()),
    Column("manual_comment", Text()),
)
