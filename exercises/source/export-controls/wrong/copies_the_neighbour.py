# expected-score: 0
# token: practice: ada
# mistake: Hands in the numbers and codes of a neighbour, whose token is another one.
# %% count
counts = {"total": 709, "connected": 705, "counted": 689}
# %% measure
errors = {(12, 13): 0.0021, (98, 112): 0.0027, (201, 202): 0.0026}
cnot_error = 0.00249
interval = (0.00238, 0.0026)
# %% classify
classification = {
    "US": "4A906.a.5",
    "EU": "4A506.a.5",
    "GB": "4A506.a.5",
    "CA": "5506(2)(c)(ii)(A)(V)",
    "DE": "not verified",
    "ES": "not verified",
}


# %% place
def place(bands, qubits, error):
    return "4A906.a.5"


# %% decide
decisions = {"repair": (True, "us.15cfr734.13")}
