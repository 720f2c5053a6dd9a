# ruff: noqa
# fmt: off
# Figures of matplotlib and frames of pandas.
# %% given
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# %% idiom axes-returned
# %% solution
def plot_sine():
    fig, ax = plt.subplots()
    x = np.linspace(0, 2 * np.pi, 50)
    ax.plot(x, np.sin(x), label="sine")
    ax.set_title("A sine")
    ax.set_xlabel("angle")
    ax.legend()
    return ax
# %% test
ax = plot_sine()
assert isinstance(ax, plt.Axes)
assert ax.get_title() == "A sine"
### BEGIN HIDDEN TESTS
assert ax.get_xlabel() == "angle"
assert len(ax.lines) == 1
np.testing.assert_allclose(ax.lines[0].get_ydata(), np.sin(ax.lines[0].get_xdata()), atol=1e-12)
assert ax.get_legend() is not None
assert [text.get_text() for text in ax.get_legend().get_texts()] == ["sine"]
plt.close("all")
### END HIDDEN TESTS
# %% other
def plot_sine():
    plt.figure()
    angles = np.arange(0, 6.3, 0.1)
    plt.plot(angles, np.sin(angles), "r--", label="sine")
    plt.title("A sine")
    plt.xlabel("angle")
    plt.legend(loc="upper right")
    return plt.gca()
# %% wrong
def plot_sine():
    fig, ax = plt.subplots()
    x = np.linspace(0, 2 * np.pi, 50)
    ax.plot(x, np.cos(x), label="sine")
    ax.set_title("A sine")
    ax.set_xlabel("angle")
    ax.legend()
    return ax

# %% idiom figure-returned
# %% solution
def two_panels(values):
    fig, axes = plt.subplots(1, 2, figsize=(6, 3))
    axes[0].bar(range(len(values)), values)
    axes[1].hist(values, bins=5)
    fig.suptitle("Two views")
    return fig
# %% test
fig = two_panels([1, 2, 3])
assert len(fig.axes) == 2
### BEGIN HIDDEN TESTS
assert isinstance(fig, plt.Figure)
assert [bar.get_height() for bar in fig.axes[0].patches] == [1, 2, 3]
assert len(fig.axes[1].patches) == 5
assert fig.get_size_inches().tolist() == [6, 3]
plt.close(fig)
### END HIDDEN TESTS
# %% other
def two_panels(values):
    fig = plt.figure(figsize=(6, 3))
    left, right = fig.add_subplot(121), fig.add_subplot(122)
    left.bar(list("abcdefghij")[: len(values)], values, color="teal")
    right.hist(values, bins=5, color="grey")
    return fig
# %% wrong
def two_panels(values):
    fig, ax = plt.subplots(figsize=(6, 3))
    ax.bar(range(len(values)), values)
    return fig

# %% idiom current-figure
# %% solution
plt.figure()
plt.plot([0, 1, 2], [0, 1, 4], "o-")
plt.ylabel("height")
fig_now = plt.gcf()
# %% test
assert fig_now.axes[0].get_ylabel() == "height"
### BEGIN HIDDEN TESTS
x, y = fig_now.axes[0].lines[0].get_data()
assert list(x) == [0, 1, 2] and list(y) == [0, 1, 4]
### END HIDDEN TESTS
# %% other
fig_now, ax_now = plt.subplots()
ax_now.plot(range(3), np.arange(3) ** 2)
ax_now.set(ylabel="height")
# %% wrong
fig_now = plt.figure()
plt.plot([0, 1, 4])

# %% idiom drawn-in-the-same-cell
# %% solution
def draw_parabola():
    x = np.linspace(-1, 1, 11)
    plt.plot(x, x**2)
    plt.title("parabola")
# %% test
plt.figure()
draw_parabola()
ax = plt.gca()
assert ax.get_title() == "parabola"
### BEGIN HIDDEN TESTS
assert len(ax.get_lines()) == 1 and max(ax.get_lines()[0].get_ydata()) == 1
plt.close("all")
### END HIDDEN TESTS
# %% other
def draw_parabola():
    ax = plt.gca()
    points = np.linspace(-1, 1, 5)
    ax.plot(points, np.square(points), marker="x")
    ax.set_title("parabola")
# %% wrong
def draw_parabola():
    plt.title("parabola")

# %% idiom draws-into-given-axes
# %% solution
def add_line(ax, slope):
    x = np.array([0.0, 1.0])
    ax.plot(x, slope * x, label=f"slope {slope}")
    return ax
# %% test
fig, given_axes = plt.subplots()
add_line(given_axes, 2)
assert len(given_axes.lines) == 1
### BEGIN HIDDEN TESTS
add_line(given_axes, 3)
assert given_axes.lines[1].get_label() == "slope 3"
assert given_axes.lines[1].get_ydata()[-1] == 3
plt.close(fig)
### END HIDDEN TESTS
# %% other
def add_line(ax, slope):
    ax.plot([0, 1], [0, slope], lw=2, label="slope " + str(slope))
# %% wrong
def add_line(ax, slope):
    plt.figure()
    plt.plot([0, 1], [0, slope], label=f"slope {slope}")

# %% given
scores = pd.DataFrame({"name": ["ada", "bob", "cleo", "dan"], "group": ["x", "y", "x", "y"], "points": [3, 5, 7, 1]})

# %% idiom frame-returned
# %% solution
def passed(frame, least):
    return frame[frame["points"] >= least]
# %% test
assert list(passed(scores, 5)["name"]) == ["bob", "cleo"]
### BEGIN HIDDEN TESTS
expected = pd.DataFrame({"name": ["ada", "bob", "cleo"], "points": [3, 5, 7]})
got = passed(scores, 3)[["name", "points"]].reset_index(drop=True)
pd.testing.assert_frame_equal(got, expected)
assert len(scores) == 4 and isinstance(got, pd.DataFrame)
assert passed(scores, 100).empty
### END HIDDEN TESTS
# %% other
def passed(frame, least):
    return frame.query("points >= @least").copy()
# %% wrong
def passed(frame, least):
    return frame[frame["points"] > least]

# %% idiom group-and-mean
# %% solution
def mean_by_group(frame):
    return frame.groupby("group")["points"].mean()
# %% test
means = mean_by_group(scores)
assert means["x"] == 5 and means["y"] == 3
### BEGIN HIDDEN TESTS
assert isinstance(means, pd.Series) and list(means.index) == ["x", "y"]
pd.testing.assert_series_equal(means, pd.Series([5.0, 3.0], index=["x", "y"]), check_names=False)
assert means.idxmax() == "x"
### END HIDDEN TESTS
# %% other
def mean_by_group(frame):
    groups = sorted(set(frame["group"]))
    return pd.Series({g: frame.loc[frame["group"] == g, "points"].mean() for g in groups})
# %% wrong
def mean_by_group(frame):
    return frame.groupby("group")["points"].sum()

# %% idiom column-in-place
# %% solution
def add_grade(frame):
    frame["grade"] = np.where(frame["points"] > 4, "A", "B")

def rename_points(frame):
    frame.columns = ["marks" if name == "points" else name for name in frame.columns]
# %% test
mine = scores.copy()
add_grade(mine)
assert list(mine["grade"]) == ["B", "A", "A", "B"]
### BEGIN HIDDEN TESTS
rename_points(mine)
assert list(mine.columns) == ["name", "group", "marks", "grade"]
assert "grade" not in scores.columns
### END HIDDEN TESTS
# %% other
def add_grade(frame):
    frame.loc[:, "grade"] = ["A" if p > 4 else "B" for p in frame["points"]]

def rename_points(frame):
    frame.insert(2, "marks", frame.pop("points"))
# %% wrong
def add_grade(frame):
    frame = frame.assign(grade="A")

def rename_points(frame):
    return frame.rename(columns={"points": "marks"})

# %% idiom frame-as-a-variable
# %% solution
by_points = scores.sort_values("points", ascending=False).set_index("name")
best_name = by_points.index[0]
wide = scores.pivot_table(index="group", values="points", aggfunc=["min", "max"])
dates = pd.date_range("2026-01-01", periods=3, freq="D")
# %% test
assert best_name == "cleo"
assert by_points.loc["bob", "points"] == 5
### BEGIN HIDDEN TESTS
assert list(by_points.index) == ["cleo", "bob", "ada", "dan"]
assert wide.shape == (2, 2) and wide.to_numpy().max() == 7
assert dates[2] == pd.Timestamp("2026-01-03") and len(dates) == 3
assert by_points["points"].dtype.kind == "i"
### END HIDDEN TESTS
# %% other
by_points = scores.set_index("name").sort_values(by="points")[::-1]
best_name = by_points["points"].idxmax()
wide = scores.groupby("group")[["points"]].agg(["min", "max"])
dates = pd.to_datetime(pd.Series(["2026-01-01", "2026-01-02", "2026-01-03"]))
# %% wrong
by_points = scores.sort_values("points").set_index("name")
best_name = "ada"
wide = scores
dates = []
