"""What differs between learners, drawn from a seed that nobody else has; keys and tolerances with it.

    python -m answersheet practice export-controls TOKEN FOLDER     # a sheet for practice, from a public seed
    python -m answersheet show export-controls ada                  # the same with its answers, as JSON

sealing                a seed for a sheet, and the sheet's files
export_controls        draws a machine, raw results of a night on it, and plans; activities: their pool;
                       invented_lists: what a learner's function is tried on; requests: for the e-mail
classification         draws twelve things, a night and a week; artefacts, artefact_pool: the things;
                       fleets: jobs and forms of release; new_machine: the night; records: for the function
incidents              draws a log in three copies; incident_notes: partners whose clocks may run, from
                       incident_pool; link_nights: telemetry with flaws, and new nights for an alarm
publication            draws a claim (claims: its raw readings), a disclosure, and things to decide (scenes:
                       pools in which two drawn facts decide together)

Nothing that a learner's notebook imports may import this: it is neither handed out nor shown to the learner's
room. The examiner's room gets the answers as plain data, under the name ANSWERS.
"""

EXERCISES = ("classification", "export-controls", "incidents", "publication")
"""Exercises with a sheet; `answersheet.<id, with underscores>.draw(seed)` draws one."""
