# expected-score: 0
# token: practice: asks
# mistake: Asks the notebook's own object for the answers, under every name that one might try.
# %% count
def ask(*names):
    for name in names:
        for owner in (sheet, sheet.layout, sheet.nights[0]):
            found = getattr(owner, name, None)
            if found is not None:
                return found() if callable(found) else found
    return None


told = ask("answers", "census", "counts_right", "solution") or {}
counts = {
    name: told.get(name) if isinstance(told, dict) else None for name in ("total", "connected", "counted")
}
# %% measure
errors = {night.coupler: getattr(night, "truth", getattr(night, "error", None)) for night in sheet.nights}
cnot_error = ask("machine_error", "cnot_error", "truth")
interval = None
rotation = ask("coherent")
# %% classify
classification = ask("places", "classification") or dict.fromkeys(("US", "EU", "GB", "CA", "DE", "ES"))


# %% place
def place(bands, qubits, error):
    return getattr(sheet, "trials", [])


# %% decide
decisions = {plan["id"]: (plan.get("export"), plan.get("rules")) for plan in sheet.plans}
