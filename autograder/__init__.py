"""Release, collect and grade exercises; the nbgrader course behind the book."""
