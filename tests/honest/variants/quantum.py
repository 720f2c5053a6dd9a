"""Learners who build the same circuits, and count, in other ways."""

from __future__ import annotations

from tests.honest.variant import qubits

VARIANTS = [
    qubits("qubits-as-the-course-solves-it", "The instructor's own solution."),
    qubits("other-qubit-first", "Control and target swapped, barriers, a name, registers.", bell="""
        from qiskit import QuantumRegister
        def bell():
            pair = QuantumRegister(2, "pair")
            qc = QuantumCircuit(pair, name="my bell", metadata={"by": "me"})
            qc.h(pair[1])
            qc.barrier()
            qc.cx(pair[1], pair[0])
            return qc
        """),
    qubits("bell-by-cz", "Another gate, and a phase that does not matter.", bell="""
        def bell():
            qc = QuantumCircuit(2, global_phase=np.pi / 3)
            qc.h([0, 1])
            qc.cz(0, 1)
            qc.h(1)
            return qc
        """),
    qubits("bell-by-matrix", "A unitary made of an Operator.", bell="""
        from scipy.linalg import block_diag
        def bell():
            cx = Operator(np.array([[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0]]))
            h = Operator(np.array([[1, 1], [1, -1]]) / np.sqrt(2))
            qc = QuantumCircuit(2)
            qc.unitary(cx @ Operator(np.eye(2)).tensor(h), [0, 1], label="all")
            return qc
        """, rotation="""
        from qiskit.circuit.library import UnitaryGate
        def rotation(angle):
            c, s = np.cos(angle / 2), np.sin(angle / 2)
            qc = QuantumCircuit(1)
            qc.append(UnitaryGate([[c, -s], [s, c]]), [0])
            return qc
        """),
    qubits("bell-by-preparing", "prepare_state does the work.", bell="""
        def bell():
            qc = QuantumCircuit(2)
            qc.prepare_state(np.array([1, 0, 0, 1]) / np.sqrt(2), [0, 1])
            return qc
        """),
    qubits("bell-of-parts", "Composed of smaller circuits and gates.", bell="""
        def bell():
            plus, pair = QuantumCircuit(1, name="plus"), QuantumCircuit(2, name="link")
            plus.h(0)
            pair.cx(0, 1)
            qc = QuantumCircuit(2)
            qc.append(plus.to_gate(), [0])
            return qc.compose(pair)
        """),
    qubits("bell-from-text", "From OpenQASM.", bell='''
        def bell():
            return QuantumCircuit.from_qasm_str("""
            OPENQASM 2.0;
            include "qelib1.inc";
            qreg q[2];
            h q[0];
            cx q[0], q[1];
            """)
        '''),
    qubits("bell-transpiled", "Compiled for the simulator.", bell="""
        from qiskit import transpile
        from qiskit_aer import AerSimulator
        def bell():
            qc = QuantumCircuit(2)
            qc.h(0)
            qc.cx(0, 1)
            return transpile(qc, AerSimulator(), optimization_level=2)
        """),
    qubits("bell-by-a-class", "A class of one's own makes it, and a subclass is it.", bell="""
        class Bell(QuantumCircuit):
            def __init__(self):
                super().__init__(2)
                self.h(0)
                self.cx(0, 1)
        def bell():
            return Bell()
        """),
    qubits("rotation-by-parameters", "A parameter that is bound later, and an expression.", rotation="""
        from qiskit.circuit import Parameter
        half = Parameter("half")
        def rotation(angle):
            qc = QuantumCircuit(1)
            qc.ry(2 * half, 0)
            return qc.assign_parameters({half: angle / 2})
        """),
    qubits("rotation-by-other-gates", "u, and rz with sx.", rotation="""
        from qiskit.circuit.library import RYGate
        def rotation(angle):
            qc = QuantumCircuit(1)
            qc.u(angle / 2, 0, 0, 0)
            qc.append(RYGate(angle / 2), [0])
            return qc
        """),
    qubits("counts-by-aer", "AerSimulator and transpile.", counts="""
        from qiskit import transpile
        from qiskit_aer import AerSimulator
        backend = AerSimulator(seed_simulator=7)
        def counts(circuit, shots):
            return backend.run(transpile(circuit, backend), shots=shots).result().get_counts()
        """),
    qubits("counts-by-aers-sampler", "Aer's primitive.", counts="""
        from qiskit_aer.primitives import SamplerV2
        def counts(circuit, shots):
            return SamplerV2(seed=3).run([circuit], shots=shots).result()[0].join_data().get_counts()
        """),
    qubits("counts-by-the-basic-simulator", "The simulator that comes with Qiskit.", counts="""
        from qiskit.providers.basic_provider import BasicSimulator
        def counts(circuit, shots):
            return BasicSimulator().run(circuit, shots=shots).result().get_counts()
        """),
    qubits("counts-by-the-state", "Drawn from the state, without a simulator.", counts="""
        def counts(circuit, shots):
            bare = circuit.remove_final_measurements(inplace=False)
            return Statevector(bare).sample_counts(shots)
        """),
    qubits("counts-by-hand", "Drawn by numpy, counted by a Counter.", counts="""
        from collections import Counter
        def counts(circuit, shots):
            bare = circuit.remove_final_measurements(inplace=False)
            odds = Statevector(bare).probabilities_dict()
            drawn = np.random.default_rng(5).choice(list(odds), size=shots, p=list(odds.values()))
            return Counter(drawn.tolist())
        """),
    qubits("draws-everything", "Circuits and histograms are drawn.", lambda hand: [
        hand.add("%matplotlib inline\nbell().draw('mpl')", after="bell"),
        hand.add("print(bell())\nbell().draw()", after="bell"),
        hand.add("from qiskit.visualization import plot_histogram\nplot_histogram({'0': 3, '1': 5})",
                 after="counts")][0]),
]  # fmt: skip
