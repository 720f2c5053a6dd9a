"""Instruments for labs and exercises: simulated devices, what measures them, and where they stand.

    >>> from courselab.benchmarking import Design, benchmark
    >>> from courselab.devices import simple
    >>> result = benchmark(simple(0.0075), (0, 1), Design(lengths=(1, 40, 120), samples=4), seed=1)
    >>> 0.004 < result.error < 0.012
    True

devices, layouts          a machine that does not exist, and the truth about it
cliffords, sequences      random sequences of Cliffords in the gates of a device
survival, fitting         their chances on a noisy device; the inside of a benchmark
benchmarking              interleaved randomised benchmarking with its uncertainty
connectivity, posterior   how many qubits count; how probable each band is
roadmap                   a machine that improves month by month
tokens, variants          a learner's own data; activities, export_controls: of the first exercise
noise                     an amplifier's noise in kelvin, photons and decibels
factoring, shor           period finding, its chance level, and a circuit that does not know the period
keydist, keycircuits      key distribution with somebody who listens, fast and as circuits
fingerprints, releases    a fleet that can be told apart; what publishing its calibration gives away
circuit_files             what a circuit file carries; tiers: the scheme; classification: view of a sheet
disclosure, migration     days of a disclosure, years of a migration; proportions: shares with intervals
publication               what each learner sees of the sheet of the exercise on publication
telemetry, alarms         a link's error rates with drift and an intruder; an alarm and both its errors
merkle                    a log that cannot be quietly changed
incidents              of the exercise on incidents; incident_plots: the figures of its labs
figures, plots, listplots one style of figure, the figures of the labs; diagrams: questions of a law
live                      sliders where a kernel answers
"""
