"""The command `autograder`.

Each command imports what it needs when it runs, so that --help answers at once.
"""

from __future__ import annotations

from pathlib import Path

import click
from coursefacts.command import Commands
from coursefacts.errors import InputFault

from autograder import instructor_cli
from autograder.cohort_cli import column_options, handout
from autograder.cohort_cli import roster as roster_command
from autograder.course import Course
from autograder.decisions.cli import excuse
from autograder.learner_cli import handin, practice
from autograder.light import lighten, seldom_collect
from autograder.marking.cli import mark
from autograder.marks_cli import marks
from autograder.options import (
    FILE,
    FOLDER,
    course_option,
    db_option,
    example,
    json_option,
    moment,
    say,
)
from autograder.roster_columns import Columns
from autograder.viva.cli import viva

__all__ = ["main"]

lighten()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example(
        "autograder practice export-controls",
        "autograder release --roster roster.csv --init-secret",
        "autograder collect ~/Downloads/hand-ins",
        "autograder grade export-controls --jobs 2",
        "autograder feedback export-controls",
    ),
)
@click.version_option(package_name="open-by-default", prog_name="autograder")
def main() -> None:
    """Practise, release, hand in, collect and grade exercises; the nbgrader course behind the book."""


@main.command(
    epilog=example(
        "autograder release export-controls --roster roster.csv --init-secret --due 2026-12-01T18:00+01:00"
    )
)
@click.argument("exercises", nargs=-1)
@click.option(
    "--source", type=FOLDER, default=Path("exercises/source"), show_default=True, help="Where exercises lie."
)
@course_option
@click.option("--roster", type=FILE, help="CSV of learners, as an LMS exports it: makes each one's token.")
@column_options
@click.option("--init-secret", is_flag=True, help="Create the course secret if there is none.")
@click.option("--due", help="When hand-ins become late, e.g. 2026-11-20T18:00+01:00.")
@click.option("--period", help="A year or a term, for variants of its own; a new course folder for each.")
@click.option("--strict", is_flag=True, help="Release nothing while a test is weak or could not be tried.")
@click.option("--quick", is_flag=True, help="Do not try the tests first.")
@db_option
@json_option
def release(
    exercises: tuple[str, ...],
    source: Path,
    root: Path,
    roster: Path | None,
    columns: Columns,
    init_secret: bool,
    due: str | None,
    period: str | None,
    strict: bool,
    quick: bool,
    db: str | None,
    as_json: bool,
) -> None:
    """Turn exercises' text into nbgrader's source and the learners' version.

    Without EXERCISES all of them. With a roster each learner gets a token, in variants/EXERCISE/tokens.csv;
    the data of their variant follow from it. A roster adds learners and brings them up to date; whom it does
    not name stays (see `autograder roster`). Without a course secret the tokens are for practice and results
    earn no record. Keep a copy of the secret (secret.key in the course directory, outside of nbgrader/, which
    is the folder for Jupyter): a new one changes every variant.

    First each exercise's own solution goes through closed rooms, and each test meets empty, undefined and
    constant answers in place of it. A test that gives points for one is named, with what to do.

    Who does the course anew after a year works on fresh data: release it into another folder with --period,
    or with another secret. Work on the same variant never renews a record.
    """
    from autograder.release.command import released, try_first
    from autograder.release.run import release as run

    if strict and quick:
        raise InputFault("--strict and --quick exclude each other", remedy="leave one of them out")
    course = Course(root, db)
    due_at = moment(due, "--due")
    made = run(
        course,
        source,
        exercises,
        roster,
        columns=columns,
        init_secret=init_secret,
        due=due_at,
        period=period,
        try_first=None if quick else try_first(strict),
    )
    released(made, as_json)


@main.command(epilog=example("autograder grade export-controls --jobs 2 --json results.json"))
@click.argument("exercise")
@course_option
@click.option("--learner", "learners", multiple=True, help="Only this learner; may be given again.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="How many at a time.")
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option("--json", "json_file", type=FILE, help="Write autograder.results/1 to this file.")
@db_option
@click.option(
    "--without-isolation",
    is_flag=True,
    help="Run learner code with your own rights, as stock nbgrader does; nothing can be certified then.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Let the workers of this Dask cluster run the notebooks."
)
@click.option("--cases", type=FOLDER, help="The cases that exercises ask for; default: those of this course.")
@click.option(
    "--show", type=FOLDER, multiple=True, help="A folder of data that rooms may read; may be given again."
)
def grade(
    exercise: str,
    root: Path,
    learners: tuple[str, ...],
    jobs: int,
    force: bool,
    json_file: Path | None,
    db: str | None,
    without_isolation: bool,
    scheduler: str | None,
    cases: Path | None,
    show: tuple[Path, ...],
) -> None:
    """Grade what lies in submitted/, in any nbgrader course directory whose notebooks run Python.

    The notebook that runs is rebuilt from the instructor's source; only answers and added cells come from
    the learner. Scores go to nbgrader's gradebook, notebooks to autograded/, results to results.jsonl. What
    is graded already and has not changed is not run again, so an interrupted run is finished by the same
    command.

    Learner code runs in rooms that see nothing else of this machine: your own solution first, then the
    class. Where the machine cannot give such rooms nothing is graded and the command ends with 3;
    `autograder doctor` says what is lacking. --without-isolation is for teaching on other systems: learner
    code can then read and change what you can, every result says so, and none can be certified.
    It is also for notebooks in other languages than Python, which no room can run.

    Files that lie in the exercise's folder are in each room. What notebooks read elsewhere, such as a shared
    folder of data, a room sees only with --show DIR, at the same path and read-only.

    For a class that one machine cannot take, --scheduler tls://HOST:8786 sends notebooks to the workers of a
    Dask cluster, --jobs of them at a time; give two for each of the workers' threads. Scores and records are
    written here alone, and a worker that dies costs nothing but time. It needs the extra `cluster`.
    """
    seldom_collect()
    from autograder.commands import grade as run
    from autograder.grading.run import Order

    if scheduler and without_isolation:
        raise InputFault("--scheduler and --without-isolation exclude each other", remedy="give one of them")
    if scheduler and show:
        remedy = "put the data into the exercise's folder, which travels to the workers"
        raise InputFault("--show is for rooms of this machine, and not of a cluster's", remedy=remedy)
    order = Order(exercise, learners, jobs, force, without_isolation=without_isolation, scheduler=scheduler)
    order.cases, order.show = cases, show
    run(Course(root, db), order, json_file)


main.add_command(practice)
main.add_command(handin)
main.add_command(handout)
main.add_command(roster_command)
main.add_command(mark)
main.add_command(marks)
main.add_command(excuse)
main.add_command(viva)


@main.command(
    epilog=example("autograder collect ~/Downloads/submissions", "autograder collect --settle unsettled.csv")
)
@click.argument("folder", type=FOLDER, required=False)
@course_option
@click.option("--exercise", help="Which exercise the files are, where neither cells nor names say it.")
@click.option("--settle", type=FILE, help="Take what was kept for you, as you filled in this CSV.")
@click.option("--received", help="The time to write down for all files, e.g. 2026-12-01T18:00+01:00, or now.")
@click.option(
    "--file-times", is_flag=True, help="Write down each file's own time (where learners cannot set it)."
)
@json_option
def collect(
    folder: Path | None,
    root: Path,
    exercise: str | None,
    settle: Path | None,
    received: str | None,
    file_times: bool,
    as_json: bool,
) -> None:
    """Take hand-ins and LMS downloads into submitted/.

    Understands the zips of `autograder handin`, downloads of Moodle, Canvas, Brightspace, Blackboard,
    Gradescope, Teams and GitHub Classroom (unpacked or as the one zip), and folders and files named for
    learners. Whose a notebook is, is told by the names around it and by the token in it; which exercise, by
    its cells. The outermost name decides; a token of somebody else's is a remark, and left to you when it is
    graded. The time written down is what the platform says in its archive or names, else that of collection,
    never what the hand-in says about itself. Where that would make people late, nothing is taken until you
    say when the files came: by --file-times or --received.

    What cannot be told is kept and listed in unsettled.csv of the course: write the learner's id into its
    last column, or - for nobody, and run --settle on it.

    Refuses paths that climb, links, bombs and odd names, each with its reason; the other files are taken.
    Taking the same file twice changes nothing. Ends with 1 when something was refused or waits for you.
    """
    from autograder.collecting import gather
    from autograder.commands import collected

    if (folder is None) == (settle is None):
        raise InputFault("takes either FOLDER or --settle", remedy="see `autograder collect --help`")
    if received and file_times:
        raise InputFault("--received and --file-times exclude each other", remedy="give one of them")
    if settle is not None:
        said = gather.settle(Course(root), settle)
    else:
        order = gather.Order(Path(folder or "."), exercise, moment(received, "--received"), file_times)
        said = gather.collect(Course(root), order)
    if as_json:
        say(vars(said))
    else:
        collected(said)
    if said.refused or said.unsettled:
        raise click.exceptions.Exit(1)


@main.command(
    epilog=example(
        "autograder feedback export-controls",
        "autograder feedback export-controls --zip feedback.zip --for moodle",
    )
)
@click.argument("exercise")
@course_option
@click.option("--learner", "learners", multiple=True, help="Only this learner; may be given again.")
@click.option(
    "--zip", "target", type=FILE, help="Also pack the pages as the platform of --for takes them back."
)
@click.option(
    "--for",
    "platform",
    type=click.Choice(["moodle", "canvas"]),
    help="From whose downloads they were collected.",
)
@db_option
def feedback(
    exercise: str,
    root: Path,
    learners: tuple[str, ...],
    target: Path | None,
    platform: str | None,
    db: str | None,
) -> None:
    """Write each learner's feedback, as one page that prints.

    The page shows marks, the author's messages, your comments and the learner's own work. It never shows a
    hidden test or a solution, nothing printed while a test ran, and nothing of a submission in it can run or
    load. Beside each page lies what `nbgrader release_feedback` asks for.
    """
    from autograder.commands import feedback as run

    if (target is None) != (platform is None):
        raise InputFault("--zip and --for belong together", remedy="give both: --zip FILE --for moodle")
    if platform is None or target is None:
        run(Course(root, db), exercise, learners)
        return
    from autograder.gradefiles.feedback_zip import packed_after

    packed_after(
        lambda: run(Course(root, db), exercise, learners), Course(root, db), exercise, platform, target
    )


@main.command(epilog=example("autograder report export-controls --html report.html --pdf report.pdf"))
@click.argument("exercises", nargs=-1)
@course_option
@click.option("--html", type=FILE, help="Also write a page with three plots to this file.")
@click.option("--pdf", type=FILE, help="Also write it for paper.")
@click.option("--png", type=FILE, help="Also write it as one picture.")
@click.option("--names", is_flag=True, help="Let the learners' ids stand in it; else it names nobody.")
@db_option
@json_option
def report(
    exercises: tuple[str, ...],
    root: Path,
    html: Path | None,
    pdf: Path | None,
    png: Path | None,
    names: bool,
    db: str | None,
    as_json: bool,
) -> None:
    """Show how the cohort did, part by part.

    For each part: how many tried it, facility (mean share of the points), discrimination (correlation with
    the rest of the score), how many left it blank or wait for marks, and the reasons for lost points with the
    wrong values behind them. Totals are of what is settled. Nothing is shown of fewer than five learners.
    """
    from autograder.reporting.command import report as run

    run(Course(root, db), exercises, {"html": html, "pdf": pdf, "png": png}, names=names, as_json=as_json)


@main.command(
    epilog=example(
        "autograder evidence --out evidence.json",
        "records issue --evidence evidence.json --awards exercises/awards.yml",
    )
)
@course_option
@click.option("--out", type=FILE, help="Write to this file instead of the terminal.")
@click.option("--facts", type=FOLDER, help="The facts that were taught; default: those of this course.")
@click.option("--cases", type=FOLDER, help="The cases that were played; default: those of this course.")
@db_option
def evidence(root: Path, out: Path | None, facts: Path | None, cases: Path | None, db: str | None) -> None:
    """Say what each learner has, as evidence/1 JSON for `records`.

    Holds the gradebook against results.jsonl and replays the transcripts of cases and quizzes. What does
    not fit is listed under "blocked" with its reason and earns nothing.

    Ends with 1 when a fault blocks something, with folder and learner named; what only waits, for a mark or
    for the end of a case, is no fault. Everything else is written all the same.
    """
    from autograder.commands import evidence as run

    run(Course(root, db), out, facts, cases)


@main.command(epilog=example("autograder doctor"))
@course_option
@json_option
def doctor(root: Path, as_json: bool) -> None:
    """Say which isolation this machine gives to learner code, and what is lacking.

    Each wall is tried in real rooms, not guessed, and what is lacking is named with the step that mends it.
    `autograder grade` tries the same walls before it grades. Ends with 3 when this machine cannot isolate
    learner code; nothing is graded there unless you say --without-isolation.

    Where there is a course it is asked as well whether its nbgrader_config.py keeps nbgrader's formgrader
    from running what learners wrote, and the lines that it lacks are printed.
    """
    from autograder.commands import doctor as run

    run(Course(root), as_json)


for one in instructor_cli.COMMANDS:
    main.add_command(one)
