"""The nbgrader course of this repository, for nbgrader commands run from this folder.

`autograder release` writes another one into the course directory, for commands run there.
"""

from pathlib import Path

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "open-by-default"
c.CourseDirectory.root = str(Path(__file__).resolve().parent.parent / "course" / "nbgrader")
# As in every course that `autograder release` makes; autograder/marking/settings.py says why.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"markdown2html": "autograder.feedback.safe.markdown"}
c.Autograde.exporter_class = "autograder.marking.caught.Refusing"
