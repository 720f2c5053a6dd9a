# ruff: noqa
# fmt: off
# Machine learning, statistics and language: fitted models, splits, scores, tokens.
# %% given
import numpy as np
import pandas as pd
import statsmodels.api as sm
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from nltk import FreqDist
from nltk.stem import PorterStemmer
from nltk.tokenize import RegexpTokenizer
from nltk.util import ngrams

rng = np.random.default_rng(11)
X = rng.normal(size=(60, 2))
target = 3 * X[:, 0] - 2 * X[:, 1] + 1
labels = (X.sum(axis=1) > 0).astype(int)
# %% idiom fitted-regression
# %% solution
model = LinearRegression().fit(X, target)
# %% test
assert isinstance(model, LinearRegression)
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(model.coef_, [3, -2])
np.testing.assert_allclose(model.predict([[1.0, 1.0]]), [2.0])
### END HIDDEN TESTS
# %% other
model = LinearRegression()
model.fit(pd.DataFrame(X).to_numpy(), list(target))
# %% wrong
model = LinearRegression().fit(X, X[:, 0])

# %% idiom function-fits-inside
# %% solution
def slope(a, b):
    return float(LinearRegression().fit(np.reshape(a, (-1, 1)), b).coef_[0])
# %% test
assert abs(slope([0, 1, 2], [1, 3, 5]) - 2) < 1e-9
### BEGIN HIDDEN TESTS
assert abs(slope([0, 2, 5], [3, 2, 0.5]) + 0.5) < 1e-9
### END HIDDEN TESTS
# %% other
def slope(a, b):
    return np.polyfit(a, b, 1)[0]
# %% wrong
def slope(a, b):
    return 2.0

# %% idiom split-kept-apart
# %% solution
X_train, X_test, y_train, y_test = train_test_split(X, labels, test_size=0.25, random_state=0)
# %% test
assert X_train.shape == (45, 2) and X_test.shape == (15, 2)
### BEGIN HIDDEN TESTS
assert len(y_train) == 45 and len(y_test) == 15
seen = {tuple(row) for row in X_train}
assert not any(tuple(row) in seen for row in X_test)
### END HIDDEN TESTS
# %% other
X_train, X_test, y_train, y_test = train_test_split(X, labels, train_size=45, random_state=5)
# %% wrong
X_train, X_test, y_train, y_test = X[:45], X[:15], labels[:45], labels[:15]

# %% idiom classifier-is-good-enough
# %% solution
classifier = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)
score = classifier.score(X_test, y_test)
# %% test
assert 0 <= score <= 1
### BEGIN HIDDEN TESTS
predicted = classifier.predict(X_test)
assert accuracy_score(y_test, predicted) > 0.8
assert abs(score - accuracy_score(y_test, predicted)) < 1e-12
### END HIDDEN TESTS
# %% other
classifier = LogisticRegression(C=10).fit(X_train, y_train)
score = float(np.mean(classifier.predict(X_test) == y_test))
# %% wrong
classifier = LogisticRegression().fit(X_train, 1 - y_train)
score = 0.95

# %% given
blobs = np.vstack([rng.normal(c, 0.2, size=(20, 2)) for c in ((0, 0), (4, 4), (0, 5))])
# %% idiom clusters-found
# %% solution
groups = KMeans(n_clusters=3, n_init=5, random_state=1).fit_predict(blobs)
# %% test
assert len(groups) == 60
### BEGIN HIDDEN TESTS
assert len(set(groups)) == 3
for start in (0, 20, 40):
    assert len(set(groups[start : start + 20])) == 1
### END HIDDEN TESTS
# %% other
centres = np.array([[0, 0], [4, 4], [0, 5]])
groups = np.argmin(((blobs[:, None] - centres) ** 2).sum(axis=2), axis=1)
# %% wrong
groups = np.arange(60) % 3

# %% idiom regression-table
# %% solution
table = sm.OLS(target, sm.add_constant(X)).fit()
# %% test
assert len(table.params) == 3
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(table.params, [1, 3, -2], atol=1e-8)
assert table.rsquared > 0.999
### END HIDDEN TESTS
# %% other
table = sm.OLS(pd.Series(target), sm.add_constant(pd.DataFrame(X, columns=["a", "b"]))).fit()
# %% wrong
table = sm.OLS(target, sm.add_constant(X[:, ::-1])).fit()

# %% idiom tokens-and-stems
# %% solution
def stems(text):
    words = RegexpTokenizer(r"\w+").tokenize(text.lower())
    stemmer = PorterStemmer()
    return [stemmer.stem(word) for word in words]
# %% test
assert stems("Running, runs!") == ["run", "run"]
### BEGIN HIDDEN TESTS
assert stems("The cats were sleeping.")[1] == "cat"
assert stems("") == []
### END HIDDEN TESTS
# %% other
import re
def stems(text):
    return [PorterStemmer().stem(word) for word in re.findall(r"\w+", text.lower())]
# %% wrong
def stems(text):
    return ["run"] * len(text.split())

# %% idiom frequency-distribution
# %% solution
def commonest(words, n):
    return FreqDist(words).most_common(n)
distribution = FreqDist("abracadabra")
# %% test
assert distribution["a"] == 5
### BEGIN HIDDEN TESTS
assert commonest("abracadabra", 1) == [("a", 5)]
assert distribution.most_common(1)[0][0] == "a"
assert sum(distribution.values()) == 11
### END HIDDEN TESTS
# %% other
from collections import Counter
def commonest(words, n):
    return Counter(words).most_common(n)
distribution = Counter("abracadabra")
# %% wrong
def commonest(words, n):
    return [("a", 5)][:n]
distribution = FreqDist("aaaaab")

# %% idiom bigrams-listed
# %% solution
def pairs(words):
    return list(ngrams(words, 2))
# %% test
assert pairs(["a", "b", "c"]) == [("a", "b"), ("b", "c")]
### BEGIN HIDDEN TESTS
assert pairs(["a"]) == [] and len(pairs("abcde")) == 4
### END HIDDEN TESTS
# %% other
def pairs(words):
    return list(zip(words[:-1], words[1:]))
# %% wrong
def pairs(words):
    return [("a", "b"), ("b", "c")]

# %% idiom gradient-descent-by-hand
# %% solution
def fit(features, goal, rate=0.1, steps=500):
    weights, history = np.zeros(features.shape[1] + 1), []
    for _ in range(steps):
        error = weights[0] + features @ weights[1:] - goal
        history.append(float(np.mean(error**2)))
        weights[0] -= rate * 2 * error.mean()
        weights[1:] -= rate * 2 * features.T @ error / len(goal)
    return weights, history
# %% test
weights, history = fit(X, target)
assert weights.shape == (3,)
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(weights, [1, 3, -2], atol=1e-3)
assert history[-1] < history[0] and all(b <= a + 1e-12 for a, b in zip(history, history[1:]))
### END HIDDEN TESTS
# %% other
def fit(features, goal, rate=0.1, steps=500):
    design = np.column_stack([np.ones(len(goal)), features])
    weights = np.zeros(design.shape[1])
    history = []
    for _ in range(steps):
        rest = goal - design @ weights
        history.append(rest @ rest / len(goal))
        weights = weights + rate * 2 / len(goal) * design.T @ rest
    return weights, history
# %% wrong
def fit(features, goal, rate=0.1, steps=500):
    return np.zeros(3), [1.0] * steps
