# expected-score: 0
# token: practice: empty
# mistake: Gives nothing in the right shape: empty lists, arrays and tables.
# %% place
placed = {}
# %% reason
because = {}
# %% turn
turned = {}
# %% review
again = {}


# %% register
def tier_of(record, today):
    return np.zeros((2, 0))


# %% night
gates = np.zeros((5, 0))
# %% leak
rates = {form.name: np.zeros(0) for form in sheet.forms}
# %% use
worth = {}
# %% choose
chosen = ""
