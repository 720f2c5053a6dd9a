"""Formulas: what the book writes for LaTeX, and what it refuses to show silently."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from coursebook.mathml import leftover, mathml

FINE = [
    r"\ket{\psi} = \alpha\ket{0} + \beta\ket{1}",
    r"\bra{0} U^\dagger",
    r"\begin{pmatrix}1 & 0\\0 & e^{i\phi}\end{pmatrix}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"\begin{split} a &= b \\ c &= d \end{split}",
    r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\mathcal{E}(\rho) = (1-p)\rho + p\,\frac{\mathbb{1}}{4}",
    r"r = \tfrac{3}{4} p, \quad \operatorname{Tr}\rho = 1",
    r"\sqrt{\sum_{i=1}^{n} (x_i - \bar{x})^2}",
    r"\Pr(r \le 0.001 \mid D)",
    r"\langle\psi|\mathrm{CNOT}|\psi\rangle",
]


@pytest.mark.parametrize("latex", FINE)
@pytest.mark.parametrize("block", [False, True])
def test_physics_becomes_well_formed_mathml_without_leftovers(latex: str, block: bool) -> None:
    markup = mathml(latex, block=block)
    ElementTree.fromstring(markup)
    assert leftover(markup) is None


@pytest.mark.parametrize("latex", [r"\SI{3}{K}", r"\num{3}", r"\unknowncommand x"])
def test_a_command_that_is_left_as_text_is_found(latex: str) -> None:
    assert leftover(mathml(latex, block=False)) == latex.split("{")[0].split()[0]


def test_lines_that_a_browser_would_join_are_found() -> None:
    assert leftover(mathml(r"a \\ b", block=True)) == "\\\\"
    assert leftover(mathml(r"a & b", block=True)) == "&"


def test_a_bar_is_the_edge_of_a_ket_and_not_a_relation() -> None:
    assert mathml(r"|\psi\rangle", block=False).count('lspace="0" rspace="0"') == 1
    assert mathml(r"\ket{0}", block=False).count('lspace="0" rspace="0"') == 1
    assert 'lspace="0"' not in mathml(r"a \mid b", block=False)


def test_an_upright_letter_says_so() -> None:
    assert '<mi mathvariant="normal">' in mathml(r"\mathrm{d}x", block=False)
    assert "mathvariant" not in mathml("dx", block=False)


def test_lines_of_an_align_are_not_numbered_a_second_time() -> None:
    assert "(1)" not in mathml(r"\begin{align}a &= b\\ c &= d\end{align}", block=True)
