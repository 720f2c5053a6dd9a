"""Fitting two decays at once, for one data set or for a thousand resampled ones.

Model: reference(m) = A·a^m + B, interleaved(m) = A·(a·c)^m + B, gate error = (1 - c)·3/4.
Shapes: lengths (L,), means (..., 2, L) with the reference first, weights like means.

The systematic bound is equation (5) of Magesan and others, Phys. Rev. Lett. 109, 080505 (2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Floats = NDArray[np.float64]
TO_GATE_ERROR = 3 / 4
RESAMPLES = 1000
STEPS = 12


@dataclass(frozen=True)
class Fit:
    """Best parameters of both decays, and what least squares says about the error they give."""

    amplitude: float
    offset: float
    alpha: float
    alpha_gate: float
    sigma: float

    @property
    def error(self) -> float:
        """Average gate error of the interleaved gate."""
        return (1 - self.alpha_gate) * TO_GATE_ERROR

    def curves(self, lengths: Floats) -> tuple[Floats, Floats]:
        """Both fitted decays at the given lengths."""
        reference, interleaved = _model(self.parameters, lengths)
        return reference, interleaved

    @property
    def parameters(self) -> Floats:
        """Amplitude, offset and the two rates -log a and -log c."""
        return np.array([self.amplitude, self.offset, -np.log(self.alpha), -np.log(self.alpha_gate)])


def _model(theta: Floats, lengths: Floats) -> Floats:
    """Values of both decays, shape (..., 2, L)."""
    amplitude, offset, a, c = (theta[..., i, None] for i in range(4))
    both = [np.exp(-np.clip(rate, -0.05, 5.0) * lengths) for rate in (a, a + c)]
    return np.stack([amplitude * decay + offset for decay in both], axis=-2)


def _jacobian(theta: Floats, lengths: Floats) -> Floats:
    """Derivatives by amplitude, offset and both rates, shape (..., 2, L, 4)."""
    amplitude, _, a, c = (theta[..., i, None] for i in range(4))
    columns = []
    for rate, own in ((a, 0.0), (a + c, 1.0)):
        decay = np.exp(-np.clip(rate, -0.05, 5.0) * lengths)
        slope = -amplitude * lengths * decay
        columns.append(np.stack([decay, np.ones_like(decay), slope, own * slope], axis=-1))
    return np.stack(columns, axis=-3)


def solve(lengths: Floats, means: Floats, weights: Floats, start: Floats, steps: int = STEPS) -> Floats:
    """Weighted least squares by damped Gauss-Newton steps, all data sets at once; shape (..., 4)."""
    theta = np.broadcast_to(start, (*means.shape[:-2], 4)).copy()
    for _ in range(steps):
        residual = means - _model(theta, lengths)
        jacobian = _jacobian(theta, lengths)
        normal = np.einsum("...kli,...kl,...klj->...ij", jacobian, weights, jacobian)
        gradient = np.einsum("...kli,...kl,...kl->...i", jacobian, weights, residual)
        diagonal = np.einsum("...ii->...i", normal)
        diagonal *= 1 + 1e-6
        step = np.linalg.solve(normal, gradient[..., None])[..., 0]
        # A step may at most double or halve a rate: the decays are exponential and overshoot otherwise.
        limit = np.array([0.2, 0.2, *np.maximum(np.abs(start[2:]), 1e-5)])
        theta += np.clip(step, -limit, limit)
    return theta


def covariance(lengths: Floats, weights: Floats, theta: Floats) -> Floats:
    """Covariance of the parameters if the weights are the inverse variances of the means."""
    jacobian = _jacobian(theta, lengths)
    normal = np.einsum("kli,kl,klj->ij", jacobian, weights, jacobian)
    return np.linalg.inv(normal)


def systematic_bound(alpha: float, alpha_gate: float) -> float:
    """Largest error that the method itself may make, whatever the statistics."""
    d = 4
    spread = (d - 1) * (abs(alpha - alpha_gate) + (1 - alpha)) / d
    other = (
        2 * (d * d - 1) * (1 - alpha) / (alpha * d * d) + 4 * np.sqrt(1 - alpha) * np.sqrt(d * d - 1) / alpha
    )
    return float(min(spread, other))


def start(lengths: Floats, means: Floats) -> Floats:
    """A first guess: a quarter as offset, rates from the first and the third length; shape (4,)."""
    offset = 0.26
    amplitude = max(float(means[:, 0].mean()) - offset, 0.3)
    height = np.clip((means - offset) / amplitude, 0.02, None)
    rates = -np.log(height[:, 2] / height[:, 0]) / (lengths[2] - lengths[0])
    plain = max(float(rates[0]), 1e-5)
    return np.array([amplitude, offset, plain, max(float(rates[1]) - plain, 1e-5)])


def usual_weights(survival: Floats) -> Floats:
    """Inverse squared standard errors from the scatter at each length alone, as common software takes them.

    With few samples per length these are themselves mostly chance: the reason why a fit's own sigma is too
    small below ten samples.
    """
    samples = survival.shape[-1]
    return np.asarray(samples / np.maximum(survival.var(axis=-1, ddof=1), 1e-7))


def steady_weights(survival: Floats, shots: int) -> Floats:
    """The same with the scatter between sequences shared by both families and neighbouring lengths."""
    means = survival.mean(axis=-1)
    counting = np.clip(means * (1 - means), 1e-3, None) / shots
    extra = np.maximum(survival.var(axis=-1, ddof=1) - counting, 0).mean(axis=0)
    shared = np.convolve(np.pad(extra, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    return np.asarray(survival.shape[-1] / (counting + shared))


def fit(lengths: Floats, survival: Floats, weights: Floats) -> Fit:
    """Fit both decays to survival shares of shape (2, L, samples)."""
    means = survival.mean(axis=-1)
    theta = solve(lengths, means, weights, start(lengths, means), steps=30)
    spread = np.sqrt(max(covariance(lengths, weights, theta)[3, 3], 0.0))
    gate = float(np.exp(-theta[3]))
    return Fit(
        float(theta[0]), float(theta[1]), float(np.exp(-theta[2])), gate, TO_GATE_ERROR * gate * float(spread)
    )


def bootstrap_interval(
    lengths: Floats, survival: Floats, weights: Floats, best: Fit, rng: np.random.Generator
) -> tuple[float, float]:
    """A 95 % interval for the gate error, from resampling the random sequences at each length.

    Resampling n sequences understates their variance by (n - 1) / n, and n is small; the interval is
    widened by the root of that and by Student's t. Degrees of freedom are those of a single length, because
    one or two lengths carry most of the weight. `make proof` holds the coverage.
    """
    samples = survival.shape[-1]
    drawn = rng.integers(samples, size=(RESAMPLES, *survival.shape))
    means = np.take_along_axis(survival[None], drawn, axis=-1).mean(axis=-1)
    theta = solve(lengths, means, np.broadcast_to(weights, means.shape), best.parameters)
    errors = TO_GATE_ERROR * (1 - np.exp(-theta[:, 3]))
    low, high = np.percentile(errors, [2.5, 97.5])
    widen = (
        np.sqrt(samples / (samples - 1)) * student.ppf(0.975, 2 * (samples - 1)) / student.ppf(0.975, np.inf)
    )
    return float(best.error - widen * (best.error - low)), float(best.error + widen * (high - best.error))
