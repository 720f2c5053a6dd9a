# expected-score: 0
# token: practice: empty
# mistake: Gives nothing in the right shape: empty lists, arrays and tables.
# %% count
counts = {}
# %% measure
import numpy as np

errors = {}
cnot_error = np.zeros(0)
interval = np.zeros((2, 0))
rotation = ()
# %% classify
classification = {}


# %% place
def place(bands, qubits, error):
    return []


# %% decide
decisions = {plan["id"]: () for plan in sheet.plans}
