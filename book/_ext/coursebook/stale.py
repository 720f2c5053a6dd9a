"""Which pages are out of date besides those whose own text changed.

Sphinx compares a page with its files; jupyter-cache compares a notebook with its code cells. Neither sees
that a fact, an instrument in courselab, a pinned library or this program changed. So

- the notebook cache lies in a folder named after the digest of all that a code cell can see;
- when that digest changes, pages with code cells are read (and so executed) again;
- when the facts change, pages with generated tables are read again (quoted facts are ordinary dependencies);
- when the programs that write pages change, every page is.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import coursefacts
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from coursebook.facts import facts_of

KEPT_CACHES = 3


def digest_of(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files, each with its name."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sources(package: Path) -> list[Path]:
    """Return the files of a package that decide what it does."""
    kinds = {".py", ".html", ".js", ".css", ".toml"}
    return [path for path in package.rglob("*") if path.suffix in kinds and "__pycache__" not in path.parts]


def execution_digest(root: Path, facts_digest: str) -> str:
    """Return the digest of all that a code cell can see besides itself."""
    packages = Path(coursefacts.__file__).resolve().parent.parent
    seen = [*sources(packages / "coursefacts"), *sources(packages / "courselab")]
    constraints = root / "constraints.txt"
    seen += [constraints] if constraints.exists() else []
    # A lab may show the exercise's pool of activities.
    seen += (root / "exercises" / "source").glob("*/*.yml")
    return hashlib.sha256(f"{digest_of(seen)} {facts_digest}".encode()).hexdigest()


def program_digest() -> str:
    """Return the digest of the programs that write pages."""
    import scenarios.engine

    engine = Path(scenarios.engine.__file__).resolve().parent
    here = Path(__file__).resolve().parent
    # The server shows pages and does not write them.
    mine = [path for path in sources(here) if "server" not in path.relative_to(here).parts]
    # The tables on pages are made in coursefacts.
    facts = Path(coursefacts.__file__).resolve().parent
    return digest_of([*mine, *sources(engine), *sources(facts)])


def _note_programs(app: Sphinx, config: Config) -> None:
    config.course_programs = program_digest()


def _choose_cache(app: Sphinx) -> None:
    """Point MyST-NB to the cache of this digest, and drop the oldest others."""
    digest = execution_digest(Path(app.srcdir).parent, facts_of(app.env).digest)
    home = Path(app.outdir).parent / ".jupyter_cache"
    mine = home / digest[:16]
    mine.mkdir(parents=True, exist_ok=True)
    mine.touch()
    others = sorted(
        (path for path in home.iterdir() if path.is_dir() and path != mine),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for old in others[KEPT_CACHES - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    app.env.mystnb_config = app.env.mystnb_config.copy(  # type: ignore[attr-defined]
        execution_cache_path=str(mine)
    )
    app.course_execution = digest  # type: ignore[attr-defined]


def executable(env: BuildEnvironment, docname: str) -> bool:
    """Tell whether a page has code cells that a kernel runs."""
    return "kernelspec" in env.metadata.get(docname, {})


def note_generated(env: BuildEnvironment) -> None:
    """Note that the page being read shows something made from all facts together."""
    _generated(env).add(env.docname)


def shows_tables(env: BuildEnvironment, docname: str) -> bool:
    """Tell whether a page shows something made from all facts together."""
    return docname in _generated(env)


def _generated(env: BuildEnvironment) -> set[str]:
    if not hasattr(env, "course_generated"):
        env.course_generated = set()  # type: ignore[attr-defined]
    return env.course_generated  # type: ignore[attr-defined, no-any-return]


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages to read again."""
    found: set[str] = set()
    execution: str = app.course_execution  # type: ignore[attr-defined]
    if getattr(env, "course_execution", None) != execution:
        found |= {name for name in env.found_docs if executable(env, name)}
    if getattr(env, "course_facts_digest", None) != facts_of(env).digest:
        found |= _generated(env) & env.found_docs
    env.course_execution = execution  # type: ignore[attr-defined]
    env.course_facts_digest = facts_of(env).digest  # type: ignore[attr-defined]
    return sorted(found - removed)


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _generated(env).discard(docname)


def _forget_after_warning(app: Sphinx, error: Exception | None) -> None:
    """Forget what was read, else the next build would skip the faulty page and call itself clean."""
    if error is not None or app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Connect the checks; MyST-NB's own handler for its cache must come first."""
    app.add_config_value("course_programs", "", "env")
    app.connect("config-inited", _note_programs)
    app.connect("builder-inited", _choose_cache, priority=900)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-purge-doc", _purge)
    app.connect("build-finished", _forget_after_warning, priority=999)
