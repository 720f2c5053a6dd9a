# ruff: noqa
# fmt: off
# Quantum circuits, states, simulators, noise and what runs on them.
# %% given
import numpy as np
from qiskit import QuantumCircuit, QuantumRegister, ClassicalRegister, transpile
from qiskit.circuit import Parameter
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error
from qiskit.quantum_info import DensityMatrix, Operator, SparsePauliOp, Statevector, state_fidelity

# %% idiom state-of-a-circuit
# %% solution
def bell():
    qc = QuantumCircuit(2)
    qc.h(0)
    qc.cx(0, 1)
    return qc
# %% test
assert isinstance(bell(), QuantumCircuit)
assert Statevector(bell()).equiv(Statevector([1, 0, 0, 1]) / np.sqrt(2))
### BEGIN HIDDEN TESTS
assert bell().num_qubits == 2 and bell().count_ops()["cx"] == 1
assert bell().depth() == 2
assert np.isclose(state_fidelity(Statevector(bell()), Statevector.from_label("00").evolve(bell())), 1)
### END HIDDEN TESTS
# %% other
def bell():
    q = QuantumRegister(2, "pair")
    qc = QuantumCircuit(q, name="mine", global_phase=0.5)
    qc.h(q[1])
    qc.cx(q[1], q[0])
    return qc
# %% wrong
def bell():
    qc = QuantumCircuit(2)
    qc.h([0, 1])
    return qc

# %% idiom parameters
# %% solution
theta = Parameter("theta")

def ansatz():
    qc = QuantumCircuit(2)
    qc.ry(theta, 0)
    qc.cx(0, 1)
    qc.rz(2 * theta, 1)
    return qc
# %% test
qc = ansatz()
assert len(qc.parameters) == 1
bound = qc.assign_parameters({theta: 0.0})
assert Statevector(bound).equiv(Statevector.from_label("00"))
### BEGIN HIDDEN TESTS
bound = qc.assign_parameters([np.pi])
assert np.isclose(Statevector(bound).probabilities_dict()["11"], 1)
assert [p.name for p in qc.parameters] == ["theta"]
### END HIDDEN TESTS
# %% other
theta = Parameter("theta")

def ansatz():
    qc = QuantumCircuit(2)
    qc.append(__import__("qiskit.circuit.library", fromlist=["RYGate"]).RYGate(theta), [0])
    qc.cx(0, 1)
    qc.rz(theta + theta, 1)
    return qc
# %% wrong
theta = Parameter("theta")

def ansatz():
    qc = QuantumCircuit(2)
    qc.ry(1.0, 0)
    qc.rz(theta, 1)
    return qc

# %% idiom circuit-in-place
# %% solution
def add_ghz(qc):
    qc.h(0)
    for k in range(1, qc.num_qubits):
        qc.cx(0, k)

def flip(qc, qubit):
    qc.x(qubit)
    return qc
# %% test
mine = QuantumCircuit(3)
add_ghz(mine)
assert mine.count_ops() == {"h": 1, "cx": 2}
### BEGIN HIDDEN TESTS
mine.measure_all()
assert mine.num_clbits == 3
other_one = QuantumCircuit(1)
flip(other_one, 0)
flip(other_one, 0)
assert other_one.size() == 2
### END HIDDEN TESTS
# %% other
def add_ghz(qc):
    qc.h(0)
    for a, b in zip(range(qc.num_qubits), range(1, qc.num_qubits)):
        qc.append(__import__("qiskit.circuit.library", fromlist=["CXGate"]).CXGate(), [a, b])

def flip(qc, qubit):
    qc.x(qubit)
# %% wrong
def add_ghz(qc):
    made = qc.copy()
    made.h(0)
    return made

def flip(qc, qubit):
    return None

# %% idiom operators-and-states
# %% solution
def hadamard():
    return Operator(np.array([[1, 1], [1, -1]]) / np.sqrt(2))

def ising(n):
    return SparsePauliOp.from_sparse_list([("ZZ", [k, k + 1], -1.0) for k in range(n - 1)], num_qubits=n)

def mixed():
    return DensityMatrix(np.eye(2) / 2)
# %% test
from qiskit.circuit.library import HGate
assert hadamard().equiv(HGate())
assert ising(2) == SparsePauliOp(["ZZ"], [-1.0])
### BEGIN HIDDEN TESTS
assert np.isclose(mixed().purity(), 0.5)
value = Statevector.from_label("000").expectation_value(ising(3))
assert np.isclose(value, -2)
assert hadamard().is_unitary()
### END HIDDEN TESTS
# %% other
def hadamard():
    qc = QuantumCircuit(1)
    qc.h(0)
    return Operator(qc)

def ising(n):
    labels = ["I" * (n - 2 - k) + "ZZ" + "I" * k for k in range(n - 1)]
    return SparsePauliOp(labels, -np.ones(n - 1))

def mixed():
    return 0.5 * (DensityMatrix.from_label("0") + DensityMatrix.from_label("1"))
# %% wrong
def hadamard():
    return Operator(np.eye(2))

def ising(n):
    return SparsePauliOp("Z" * n)

def mixed():
    return DensityMatrix.from_label("+")

# %% idiom simulator-as-a-name
# %% solution
from qiskit_aer import AerSimulator
simulator = AerSimulator(seed_simulator=11)

def counts_of(qc, shots=200):
    return simulator.run(transpile(qc, simulator), shots=shots).result().get_counts()
# %% test
assert isinstance(simulator, AerSimulator)
plus = QuantumCircuit(1, 1)
plus.h(0)
plus.measure(0, 0)
found = counts_of(plus)
assert sum(found.values()) == 200 and set(found) == {"0", "1"}
### BEGIN HIDDEN TESTS
assert 60 < found["0"] < 140
job = simulator.run(transpile(plus, simulator), shots=50)
assert sum(job.result().get_counts().values()) == 50
assert counts_of(plus, shots=10).shots() == 10
### END HIDDEN TESTS
# %% other
from qiskit_aer import AerSimulator, Aer
simulator = AerSimulator(method="statevector", seed_simulator=3)

def counts_of(qc, shots=200):
    job = simulator.run(qc, shots=shots)
    return job.result().get_counts(qc)
# %% wrong
from qiskit_aer import AerSimulator
simulator = AerSimulator()

def counts_of(qc, shots=200):
    return {"0": shots}

# %% idiom noise-model
# %% solution
def noisy(p):
    model = NoiseModel()
    model.add_all_qubit_quantum_error(depolarizing_error(p, 1), ["x", "h"])
    return model
# %% test
model = noisy(0.1)
assert isinstance(model, NoiseModel)
assert not model.is_ideal()
### BEGIN HIDDEN TESTS
assert set(model.noise_instructions) == {"x", "h"}
from qiskit_aer import AerSimulator as Simulator
flip_once = QuantumCircuit(1, 1)
flip_once.x(0)
flip_once.measure(0, 0)
backend = Simulator(noise_model=noisy(0.5), seed_simulator=5)
result = backend.run(transpile(flip_once, backend, optimization_level=0), shots=1000).result().get_counts()
assert 100 < result["0"] < 400
### END HIDDEN TESTS
# %% other
import qiskit_aer.noise as aer_noise

def noisy(p):
    model = aer_noise.NoiseModel(basis_gates=["x", "h", "cx", "rz"])
    error = aer_noise.pauli_error([("I", 1 - 3 * p / 4), ("X", p / 4), ("Y", p / 4), ("Z", p / 4)])
    for gate in ("x", "h"):
        model.add_all_qubit_quantum_error(error, gate)
    return model
# %% wrong
def noisy(p):
    return NoiseModel()

# %% idiom transpiled
# %% solution
def compiled(qc):
    return transpile(qc, basis_gates=["rz", "sx", "cx"], optimization_level=1, seed_transpiler=1)
# %% test
toffoli = QuantumCircuit(3)
toffoli.ccx(0, 1, 2)
small = compiled(toffoli)
assert set(small.count_ops()) <= {"rz", "sx", "cx"}
### BEGIN HIDDEN TESTS
assert Operator(small).equiv(toffoli)
assert small.depth() > 3
### END HIDDEN TESTS
# %% other
def compiled(qc):
    from qiskit.transpiler import generate_preset_pass_manager
    manager = generate_preset_pass_manager(2, basis_gates=["cx", "sx", "rz"])
    return manager.run(qc)
# %% wrong
def compiled(qc):
    return qc.decompose()

# %% idiom sampler-and-estimator
# %% solution
from qiskit.primitives import StatevectorEstimator, StatevectorSampler

def sampled(qc, shots=100):
    return StatevectorSampler(seed=4).run([qc], shots=shots).result()[0].data.meas.get_counts()

def energy(qc, observable):
    return StatevectorEstimator().run([(qc, observable)]).result()[0].data.evs
# %% test
pair = QuantumCircuit(2)
pair.h(0)
pair.cx(0, 1)
assert np.isclose(energy(pair, SparsePauliOp("ZZ")), 1)
### BEGIN HIDDEN TESTS
assert np.isclose(energy(pair, SparsePauliOp("ZI")), 0)
pair.measure_all()
drawn = sampled(pair)
assert set(drawn) == {"00", "11"} and sum(drawn.values()) == 100
### END HIDDEN TESTS
# %% other
def sampled(qc, shots=100):
    from qiskit.primitives import StatevectorSampler as Sampler
    pub = Sampler().run([(qc,)], shots=shots).result()[0]
    return dict(pub.join_data().get_counts())

def energy(qc, observable):
    return float(np.real(Statevector(qc).expectation_value(observable)))
# %% wrong
def sampled(qc, shots=100):
    return {"00": shots}

def energy(qc, observable):
    return 1.0

# %% idiom structure-of-a-circuit
# %% solution
def teleport():
    q, c = QuantumRegister(3, "q"), ClassicalRegister(2, "c")
    qc = QuantumCircuit(q, c)
    qc.h(1)
    qc.cx(1, 2)
    qc.cx(0, 1)
    qc.h(0)
    qc.measure([0, 1], [0, 1])
    with qc.if_test((c[1], 1)):
        qc.x(2)
    with qc.if_test((c[0], 1)):
        qc.z(2)
    return qc
# %% test
made = teleport()
assert made.num_qubits == 3 and made.num_clbits == 2
assert made.count_ops()["measure"] == 2
### BEGIN HIDDEN TESTS
assert made.count_ops()["if_else"] == 2
names = [one.operation.name for one in made.data]
assert names.index("cx") < names.index("measure") < names.index("if_else")
assert "if" in str(made.draw(output="text")).lower()
### END HIDDEN TESTS
# %% other
def teleport():
    qc = QuantumCircuit(3, 2)
    qc.h(1)
    qc.cx(1, 2)
    qc.barrier()
    qc.cx(0, 1)
    qc.h(0)
    qc.measure(0, 0)
    qc.measure(1, 1)
    with qc.if_test((qc.clbits[1], True)):
        qc.x(2)
    with qc.if_test((qc.clbits[0], True)):
        qc.z(2)
    return qc
# %% wrong
def teleport():
    qc = QuantumCircuit(3, 2)
    qc.h(1)
    qc.cx(1, 2)
    qc.measure([0, 1], [0, 1])
    return qc

# %% idiom gates-as-arguments-and-results
# %% solution
def phase_oracle(marked):
    n = len(marked)
    qc = QuantumCircuit(n, name="oracle")
    zeros = [k for k, bit in enumerate(reversed(marked)) if bit == "0"]
    if zeros:
        qc.x(zeros)
    qc.h(n - 1)
    qc.mcx(list(range(n - 1)), n - 1)
    qc.h(n - 1)
    if zeros:
        qc.x(zeros)
    return qc.to_gate()

def controlled(gate):
    return gate.control(1)
# %% test
from qiskit.circuit import Gate
oracle = phase_oracle("11")
assert isinstance(oracle, Gate) and oracle.num_qubits == 2
assert np.allclose(np.diag(Operator(oracle).data), [1, 1, 1, -1])
### BEGIN HIDDEN TESTS
from qiskit.circuit.library import XGate
assert np.allclose(np.diag(Operator(phase_oracle("011")).data), [1, 1, 1, -1, 1, 1, 1, 1])
assert Operator(controlled(XGate())).dim == (4, 4)
used = QuantumCircuit(2)
used.append(oracle, [0, 1])
assert used.count_ops()
### END HIDDEN TESTS
# %% other
def phase_oracle(marked):
    from qiskit.circuit.library import UnitaryGate
    diagonal = np.ones(2 ** len(marked))
    diagonal[int(marked, 2)] = -1
    return UnitaryGate(np.diag(diagonal))

def controlled(gate):
    return gate.control()
# %% wrong
def phase_oracle(marked):
    qc = QuantumCircuit(len(marked))
    qc.z(0)
    return qc.to_gate()

def controlled(gate):
    return gate
