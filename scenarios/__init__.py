"""Branching cases: content in cases/, the engine that proves and plays them in engine/."""
