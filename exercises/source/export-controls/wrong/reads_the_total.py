# expected-score: 14
# token: practice: wrong answers
# mistake: Counts every qubit on the chip, and takes the total to the lists.
# %% count
counts = {"total": device.qubits, "connected": census(device.layout).connected, "counted": device.qubits - 1}
# %% classify
import datetime

day = datetime.date.fromisoformat(public["as_of"])
for name in classification:
    place = controls.place(counts["total"], cnot_error, jurisdiction=name, on=day, facts=facts)
    classification[name] = place.code if place.graded else "not verified"
