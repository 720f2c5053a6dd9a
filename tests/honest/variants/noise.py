"""Learners whose notebooks talk: prints, warnings, progress bars, magics, figures, scratch cells."""

from __future__ import annotations

from tests.honest.variant import Hand, variant

_MEAN = """
def mean(numbers):
    {extra}
    return sum(numbers) / len(numbers) if numbers else 0
"""


def _mean(extra: str) -> str:
    return _MEAN.format(extra=extra)


def _run_before(hand: Hand) -> None:
    """Leave outputs of an earlier session, an error among them, and odd execution counts."""
    trace = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": ["NameError: x"]}
    for number, cell in enumerate(hand.cells):
        if cell.cell_type == "code":
            cell.execution_count = 900 - 7 * number
            cell.outputs = [{"output_type": "stream", "name": "stderr", "text": "an old line\n"}, dict(trace)]


def _matplotlib(hand: Hand) -> None:
    hand.first("%matplotlib inline\nimport matplotlib.pyplot as plt")
    hand.add("plt.plot(volts, 'o-')\nplt.title('σ')\nplt.show()", after="load")
    hand.add("fig, ax = plt.subplots()\nax.bar([0, 1], [2, 3])\nplt.close(fig)", after="load-test")


def _underscore(hand: Hand) -> None:
    hand.add("6 * 7", before="mean")
    hand.add("ANSWER = _\nassert ANSWER == 42", before="mean")


VARIANTS = [
    variant("as-the-course-solves-it", "The instructor's own solution is a submission, too."),
    variant("prints-in-functions", "People print to see what goes on.",
            mean=_mean("print('mean of', numbers)")),
    variant("prints-much-in-functions", "A loop with a print in it.", evens="""
        def evens(numbers):
            for k in range(5000):
                print("looking at number", k, "of many")
            return [n for n in numbers if not n % 2]
        """),
    variant("warns-in-functions", "A warning is no error.",
            mean=_mean("import warnings; warnings.warn('careful')")),
    variant("writes-to-stderr-when-called", "Some print to stderr on purpose.",
            mean=_mean("import sys; print('debug', numbers, file=sys.stderr)")),
    variant("writes-to-stderr-in-own-cell", "Noise of a cell that is not tested.",
            lambda hand: hand.add("import sys\nprint('hello', file=sys.stderr)", before="mean")),
    variant("logs-when-called", "Logging writes to stderr.",
            mean=_mean("import logging; logging.warning('mean')")),
    variant("logs-with-a-configuration", "Logging set up as in a tutorial.", lambda hand: hand.first(
        "import logging\nlogging.basicConfig(level=logging.DEBUG)\nlogging.info('hi')")),
    variant("progress-bar-when-called", "tqdm draws on stderr.",
            mean=_mean("from tqdm import tqdm; numbers = list(tqdm(numbers))")),
    variant("progress-bar-in-own-cell", "tqdm in a cell of one's own.", lambda hand: hand.add(
        "from tqdm.auto import tqdm\nfor _ in tqdm(range(3)):\n    pass", before="mean")),
    variant("prints-a-traceback-when-called", "Errors that are caught are often printed.", mean="""
        import traceback
        def mean(numbers):
            try:
                return sum(numbers) / len(numbers)
            except ZeroDivisionError:
                traceback.print_exc()
                return 0
        """),
    variant("numpy-warns-when-called", "A division by zero that is mended afterwards.", mean="""
        def mean(numbers):
            result = np.float64(sum(numbers)) / np.float64(len(numbers))
            return 0 if np.isnan(result) else result
        """),
    variant("ignores-warnings", "The line that everybody pastes.",
            lambda hand: hand.first("import warnings\nwarnings.filterwarnings('ignore')")),
    variant("large-output", "Five megabytes of text in a cell of one's own.",
            lambda hand: hand.add("for k in range(50_000):\n    print('x' * 100)", after="mean")),
    variant("carriage-returns-in-output", "A home-made progress line.",
            mean=_mean("for k in range(3): print(f'{k} of 3', end='\\r', flush=True)")),
    variant("emoji-and-colours", "Output has colours and pictures.",
            mean=_mean("print('\\x1b[31m🎉 mean 🎉\\x1b[0m')")),
    variant("figures-inline", "Figures are drawn, shown and closed.", _matplotlib),
    variant("figure-in-a-function", "A function that also draws.", evens="""
        import matplotlib.pyplot as plt
        def evens(numbers):
            found = [n for n in numbers if n % 2 == 0]
            plt.figure()
            plt.plot(found)
            plt.close()
            return found
        """),
    variant("figure-settings", "Two settings out of every tutorial.", lambda hand: hand.first(
        "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'\n"
        "import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = (8, 5)\nplt.style.use('ggplot')")),
    variant("rich-displays", "HTML, Markdown and LaTeX are displayed and cleared.", lambda hand: hand.add(
        "from IPython.display import HTML, Markdown, Math, clear_output, display\n"
        "display(HTML('<b>hi</b>'), Markdown('*hi*'), Math('x^2'))\nclear_output(wait=True)", after="mean")),
    variant("frame-displayed", "A frame as the last expression of a cell.", lambda hand: hand.add(
        "import pandas as pd\npd.read_csv('readings.csv').describe()", after="load")),
    variant("sliders", "ipywidgets' interact in a cell of one's own.", lambda hand: hand.add(
        "from ipywidgets import interact\ninteract(lambda x: x * x, x=(0, 10));", after="mean")),
    variant("last-expression-in-an-answer", "A cell ends with a number, as if it were partial credit.",
            mean=_mean("pass") + "\nmean([1, 2])"),
    variant("timed-cell", "%%time at the top of an answer.", mean="%%time\n" + _mean("pass").lstrip()),
    variant("captured-cell", "%%capture at the top of an answer.", load="""
        %%capture
        volts = np.loadtxt("readings.csv", delimiter=",", skiprows=1)[:, 1]
        print(volts)
        """),
    variant("line-magics", "Magics that look around.", lambda hand: hand.add(
        "%pwd\n%who\n%whos\n%timeit -n1 -r1 mean([1, 2])\n%time mean([3])\n%lsmagic", after="mean")),
    variant("autoreload", "Two lines from many people's first cell.",
            lambda hand: hand.first("%load_ext autoreload\n%autoreload 2")),
    variant("shell-commands", "Looks at the folder by !ls.", lambda hand: hand.add(
        "!ls\nfiles = !ls *.csv\nassert files == ['readings.csv'], files\n!echo done >&2", before="load")),
    variant("writes-a-module", "%%writefile and import, as shown in lectures.", lambda hand: [
        hand.add("%%writefile tools.py\ndef halve(x):\n    return x / 2", before="mean"),
        hand.add("import tools\nassert tools.halve(3) == 1.5", before="mean")][0]),
    variant("asks-for-help", "Question marks and help().",
            lambda hand: hand.add("mean?\nhelp(mean)\n?np.linalg.norm", after="mean")),
    variant("scratch-cell-that-fails", "A cell that raises was left in.",
            lambda hand: hand.add("1 / 0", before="mean")),
    variant("scratch-cell-with-a-syntax-error", "An unfinished line was left in.",
            lambda hand: hand.add("x = = 3 (", before="mean")),
    variant("calls-before-it-is-defined", "A cell that worked only because of an earlier session.",
            lambda hand: hand.add("mean([1, 2])", before="mean")),
    variant("input-guarded", "Asks, and goes on when nobody answers.", lambda hand: hand.add(
        "try:\n    who = input('Who are you? ')\nexcept Exception:\n    who = 'nobody'", before="mean")),
    variant("uses-the-last-result", "`_` holds what the cell before has shown.", _underscore,
            mean=_mean("assert ANSWER == 42")),
    variant("ran-before", "Old outputs and odd execution counts are in the file.", _run_before),
    variant("slow-cell", "A cell that takes a second and a half.",
            lambda hand: hand.add("import time\ntime.sleep(1.5)", before="mean")),
    variant("slow-function", "A function that takes a second.", roots="""
        import time
        def roots(a, b, c):
            time.sleep(1)
            return np.roots([a, b, c])
        """),
]  # fmt: skip
