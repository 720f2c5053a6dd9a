# expected-score: 18
# token: practice: wrong answers
# mistake: Counts every qubit on the chip, and takes the total to the lists.
# %% count
qubits = sheet.layout.qubits
counts = {"total": qubits, "connected": census(sheet.layout).connected, "counted": qubits - 1}
# %% classify
import datetime

day = datetime.date.fromisoformat(sheet.as_of)
for name in classification:
    place = controls.place(counts["total"], cnot_error, jurisdiction=name, on=day, facts=facts)
    classification[name] = place.code if place.graded else "not verified"
