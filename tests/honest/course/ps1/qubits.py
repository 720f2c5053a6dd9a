# ruff: noqa
# fmt: off
# %% markdown
# # Problem set 1: qubits
# %% given
import numpy as np
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector
# %% solution bell
def bell():
    """Make a circuit of two qubits that prepares (|00> + |11>)/√2, without measurement."""
    ### BEGIN SOLUTION
    qc = QuantumCircuit(2)
    qc.h(0)
    qc.cx(0, 1)
    return qc
    ### END SOLUTION
# %% test 4 bell-test
assert bell().num_qubits == 2
state = Statevector(bell())
assert np.allclose(state.probabilities(), [0.5, 0, 0, 0.5])
### BEGIN HIDDEN TESTS
assert state.equiv(Statevector(np.array([1, 0, 0, 1]) / np.sqrt(2)))
### END HIDDEN TESTS
# %% solution rotation
def rotation(angle):
    """Make a circuit of one qubit that turns it by `angle` about the y axis."""
    ### BEGIN SOLUTION
    qc = QuantumCircuit(1)
    qc.ry(angle, 0)
    return qc
    ### END SOLUTION
# %% test 3 rotation-test
assert np.isclose(Statevector(rotation(np.pi)).probabilities()[1], 1)
### BEGIN HIDDEN TESTS
for angle in (0.0, 0.3, -1.2):
    expected = [[np.cos(angle / 2), -np.sin(angle / 2)], [np.sin(angle / 2), np.cos(angle / 2)]]
    assert Operator(rotation(angle)).equiv(Operator(expected))
### END HIDDEN TESTS
# %% solution counts
def counts(circuit, shots):
    """Run a circuit (measured already) that often; give how often each outcome came, as a mapping."""
    ### BEGIN SOLUTION
    from qiskit.primitives import StatevectorSampler
    result = StatevectorSampler().run([circuit], shots=shots).result()[0]
    return result.join_data().get_counts()
    ### END SOLUTION
# %% test 3 counts-test
flip = QuantumCircuit(1, 1)
flip.x(0)
flip.measure(0, 0)
assert dict(counts(flip, 10)) == {"1": 10}
### BEGIN HIDDEN TESTS
pair = bell()
pair.measure_all()
found = counts(pair, 400)
assert set(found) == {"00", "11"} and sum(found.values()) == 400
assert 100 < found["00"] < 300
### END HIDDEN TESTS
