# ruff: noqa
# fmt: off
# Data-analysis courses: tables read, cleaned, grouped, joined, in health and earth science.
# %% given
import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal, assert_series_equal

WARD = pd.DataFrame(
    {
        "patient": ["p1", "p2", "p3", "p4", "p5", "p6"],
        "state": ["MO", "IL", "MO", "KS", "IL", "MO"],
        "age": [34, 51, 29, None, 62, 45],
        "cost": [120.0, 310.5, 99.9, 150.0, 275.25, 60.0],
    }
)
# %% idiom grouped-mean
# %% solution
by_state = WARD.groupby("state")["cost"].mean()
# %% test
assert isinstance(by_state, pd.Series)
### BEGIN HIDDEN TESTS
assert list(by_state.index) == ["IL", "KS", "MO"]
np.testing.assert_allclose(by_state["MO"], (120.0 + 99.9 + 60.0) / 3)
### END HIDDEN TESTS
# %% other
by_state = WARD.pivot_table(values="cost", index="state", aggfunc="mean")["cost"]
# %% wrong
by_state = WARD.groupby("state")["cost"].sum()

# %% idiom frame-compared-by-pandas
# %% solution
def adults(frame, least):
    return frame[frame["age"] >= least].reset_index(drop=True)
# %% test
assert len(adults(WARD, 50)) == 2
### BEGIN HIDDEN TESTS
expected = pd.DataFrame(
    {"patient": ["p2", "p5"], "state": ["IL", "IL"], "age": [51.0, 62.0], "cost": [310.5, 275.25]}
)
assert_frame_equal(adults(WARD, 50), expected)
### END HIDDEN TESTS
# %% other
def adults(frame, least):
    return frame.query("age >= @least").reset_index(drop=True)
# %% wrong
def adults(frame, least):
    return frame[frame["age"] > least + 10].reset_index(drop=True)

# %% idiom argument-left-alone
# %% solution
def filled(frame):
    made = frame.copy()
    made["age"] = made["age"].fillna(made["age"].median())
    return made
# %% test
before = WARD.copy()
found = filled(WARD)
assert found["age"].notna().all()
### BEGIN HIDDEN TESTS
assert found.loc[3, "age"] == 45.0
assert_frame_equal(WARD, before)
### END HIDDEN TESTS
# %% other
def filled(frame):
    return frame.assign(age=frame["age"].fillna(frame["age"].median()))
# %% wrong
def filled(frame):
    frame["age"] = frame["age"].fillna(0)
    return frame

# %% idiom function-applied-to-a-column
# %% solution
def band(cost):
    if cost < 100:
        return "low"
    return "high" if cost > 250 else "middle"
# %% test
assert band(10) == "low"
### BEGIN HIDDEN TESTS
found = WARD["cost"].apply(band)
assert found.value_counts().to_dict() == {"middle": 2, "high": 2, "low": 2}
### END HIDDEN TESTS
# %% other
def band(cost):
    return ["low", "middle", "high"][int(cost >= 100) + int(cost > 250)]
# %% wrong
def band(cost):
    return "low"

# %% idiom rows-of-a-shipped-table
# %% solution
table = pd.read_csv("data/rain.csv", parse_dates=["day"])
wettest = table.loc[table["mm"].idxmax(), "day"]
# %% test
assert table.shape == (6, 2)
### BEGIN HIDDEN TESTS
assert wettest == pd.Timestamp("2021-07-14")
assert str(table["day"].dtype).startswith("datetime64")
### END HIDDEN TESTS
# %% other
table = pd.read_csv("data/rain.csv")
table["day"] = pd.to_datetime(table["day"])
wettest = table.sort_values("mm")["day"].iloc[-1]
# %% wrong
table = pd.read_csv("data/rain.csv", parse_dates=["day"])
wettest = table["day"].max()

# %% given
daily = pd.Series(np.arange(90.0), index=pd.date_range("2022-01-01", periods=90, freq="D"))
# %% idiom monthly-resampled
# %% solution
monthly = daily.resample("MS").mean()
# %% test
assert len(monthly) == 3
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(monthly.to_numpy(), [15.0, 44.5, 74.0])
assert monthly.index[1] == pd.Timestamp("2022-02-01")
### END HIDDEN TESTS
# %% other
monthly = daily.groupby(pd.Grouper(freq="MS")).mean()
# %% wrong
monthly = daily.resample("MS").sum()

# %% given
visits = pd.DataFrame({"patient": ["p1", "p3", "p3", "p9"], "ward": ["A", "B", "A", "A"]})
# %% idiom tables-joined
# %% solution
joined = visits.merge(WARD, on="patient", how="left")
# %% test
assert len(joined) == 4
### BEGIN HIDDEN TESTS
assert joined["cost"].isna().sum() == 1
assert joined.loc[joined["patient"] == "p3", "state"].tolist() == ["MO", "MO"]
### END HIDDEN TESTS
# %% other
joined = visits.join(WARD.set_index("patient"), on="patient")
# %% wrong
joined = visits.merge(WARD, on="patient")

# %% idiom answers-in-a-dictionary
# %% solution
answer = {
    "mean": WARD["cost"].mean(),
    "median": WARD["cost"].median(),
    "states": WARD["state"].nunique(),
    "oldest": WARD.loc[WARD["age"].idxmax(), "patient"],
}
# %% test
assert set(answer) == {"mean", "median", "states", "oldest"}
### BEGIN HIDDEN TESTS
assert round(answer["mean"], 3) == 169.275 and answer["median"] == 135.0
assert answer["states"] == 3 and answer["oldest"] == "p5"
### END HIDDEN TESTS
# %% other
costs = sorted(WARD["cost"])
answer = dict(mean=sum(costs) / 6, median=(costs[2] + costs[3]) / 2, states=len(set(WARD["state"])), oldest="p5")
# %% wrong
answer = {"mean": 170, "median": 135.0, "states": 3, "oldest": "p5"}

# %% given
import sqlite3
# %% idiom rows-from-a-database
# %% solution
def totals(rows):
    base = sqlite3.connect(":memory:")
    base.execute("create table sale (place text, amount real)")
    base.executemany("insert into sale values (?, ?)", rows)
    found = base.execute("select place, sum(amount) from sale group by place order by place").fetchall()
    base.close()
    return found
# %% test
assert totals([("a", 1.0)]) == [("a", 1.0)]
### BEGIN HIDDEN TESTS
assert totals([("b", 2.0), ("a", 1.0), ("b", 0.5)]) == [("a", 1.0), ("b", 2.5)]
### END HIDDEN TESTS
# %% other
def totals(rows):
    sums = {}
    for place, amount in rows:
        sums[place] = sums.get(place, 0) + amount
    return sorted(sums.items())
# %% wrong
def totals(rows):
    return rows

# %% idiom written-and-read-again
# %% solution
def save(frame, path):
    frame.to_csv(path, index=False)
save(WARD.head(3), "data/result.csv")
# %% test
assert len(pd.read_csv("data/result.csv")) == 3
### BEGIN HIDDEN TESTS
assert_series_equal(pd.read_csv("data/result.csv")["cost"], WARD["cost"].head(3))
### END HIDDEN TESTS
# %% other
def save(frame, path):
    with open(path, "w") as file:
        file.write(frame.to_csv(index=False))
save(WARD.iloc[:3], "data/result.csv")
# %% wrong
def save(frame, path):
    frame.tail(2).to_csv(path)
save(WARD, "data/result.csv")
