# ruff: noqa
# fmt: off
# Quantum courses: states and operators of QuTiP, circuits of Qiskit, spectra by hand.
# %% given
import numpy as np
import qutip as qt
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector
# %% idiom state-of-qutip
# %% solution
def bell():
    return (qt.tensor(qt.basis(2, 0), qt.basis(2, 0)) + qt.tensor(qt.basis(2, 1), qt.basis(2, 1))).unit()
# %% test
psi = bell()
assert abs(psi.norm() - 1) < 1e-12
### BEGIN HIDDEN TESTS
assert psi.dims == [[2, 2], [1, 1]] or psi.dims == [[2, 2], [1]]
assert abs(qt.entropy_vn(psi.ptrace(0), 2) - 1) < 1e-9
### END HIDDEN TESTS
# %% other
def bell():
    return qt.bell_state("00")
# %% wrong
def bell():
    return qt.tensor(qt.basis(2, 0), qt.basis(2, 1))

# %% idiom operator-of-qutip
# %% solution
H = qt.sigmaz() / 2 + 0.1 * qt.sigmax()
# %% test
assert H.isherm and isinstance(H, qt.Qobj)
### BEGIN HIDDEN TESTS
assert H == 0.5 * qt.sigmaz() + 0.1 * qt.sigmax()
np.testing.assert_allclose(H.eigenenergies(), [-np.sqrt(0.26), np.sqrt(0.26)])
### END HIDDEN TESTS
# %% other
H = qt.Qobj([[0.5, 0.1], [0.1, -0.5]])
# %% wrong
H = qt.sigmaz() / 2

# %% idiom evolution-with-expectation
# %% solution
def rabi(times):
    found = qt.sesolve(np.pi * qt.sigmax(), qt.basis(2, 0), times, e_ops=[qt.sigmaz()])
    return found.expect[0]
# %% test
assert len(rabi([0.0, 0.5])) == 2
### BEGIN HIDDEN TESTS
times = np.linspace(0, 1, 21)
np.testing.assert_allclose(rabi(times), np.cos(2 * np.pi * times), atol=1e-3)
### END HIDDEN TESTS
# %% other
def rabi(times):
    return np.array([np.cos(2 * np.pi * time) for time in times])
# %% wrong
def rabi(times):
    return np.ones(len(times))

# %% idiom commutators-checked
# %% solution
def spin(j):
    return qt.jmat(j, "x"), qt.jmat(j, "y"), qt.jmat(j, "z")
# %% test
assert len(spin(1)) == 3
### BEGIN HIDDEN TESTS
sx, sy, sz = spin(1)
assert qt.commutator(sx, sy) == 1j * sz
assert sx.shape == (3, 3)
### END HIDDEN TESTS
# %% other
def spin(j):
    plus = qt.jmat(j, "+")
    return (plus + plus.dag()) / 2, (plus - plus.dag()) / 2j, qt.jmat(j, "z")
# %% wrong
def spin(j):
    return qt.jmat(j, "x"), qt.jmat(j, "x"), qt.jmat(j, "z")

# %% idiom circuit-compared-as-operator
# %% solution
def swap_circuit():
    qc = QuantumCircuit(2)
    qc.cx(0, 1)
    qc.cx(1, 0)
    qc.cx(0, 1)
    return qc
# %% test
qc = swap_circuit()
assert qc.num_qubits == 2
### BEGIN HIDDEN TESTS
reference = QuantumCircuit(2)
reference.swap(0, 1)
assert Operator(qc).equiv(Operator(reference))
assert qc.count_ops().get("cx", 0) == 3 and "swap" not in qc.count_ops()
### END HIDDEN TESTS
# %% other
def swap_circuit():
    qc = QuantumCircuit(2)
    for control, goal in ((1, 0), (0, 1), (1, 0)):
        qc.cx(control, goal)
    return qc
# %% wrong
def swap_circuit():
    qc = QuantumCircuit(2)
    qc.swap(0, 1)
    return qc

# %% idiom probabilities-of-a-state
# %% solution
ghz = QuantumCircuit(3)
ghz.h(0)
ghz.cx(0, 1)
ghz.cx(1, 2)
# %% test
state = Statevector(ghz)
assert set(state.probabilities_dict()) == {"000", "111"}
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(state.probabilities()[[0, 7]], 0.5)
assert ghz.depth() <= 3
### END HIDDEN TESTS
# %% other
ghz = QuantumCircuit(3)
ghz.h(1)
ghz.cx(1, 0)
ghz.cx(1, 2)
# %% wrong
ghz = QuantumCircuit(3)
ghz.h([0, 1, 2])

# %% idiom ladder-operators-by-hand
# %% solution
def lowering(n):
    return np.diag(np.sqrt(np.arange(1, n)), k=1)
# %% test
a = lowering(4)
assert a.shape == (4, 4)
### BEGIN HIDDEN TESTS
number = lowering(6).conj().T @ lowering(6)
np.testing.assert_allclose(np.diag(number), range(6))
### END HIDDEN TESTS
# %% other
def lowering(n):
    return qt.destroy(n).full()
# %% wrong
def lowering(n):
    return np.eye(n, k=1)
