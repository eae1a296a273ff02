"""States over sessions as one block-tridiagonal system: factor, solve, and read off variances.

Eliminating the items couples the states of one session with each other; the random walk couples a state with
itself one session on. Ordered by session, the reduced Hessian has a dense block a session and diagonal blocks
between neighbours, so that one block Cholesky solves it. Unknowns are node-major: node n, dimension d at
``n * D + d``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas, lapack

from onrecord.votes.scaling.compiled import compiled
from onrecord.votes.scaling.likelihood import Floats, Longs


class NotDefinite(ArithmeticError):
    """A session's block is not positive definite at this point; take a Gauss-Newton step instead."""


@dataclass(frozen=True, slots=True)
class Step:
    """How the unknowns of one session hang on those of the session before.

    ``earlier`` and ``later`` are positions inside the two sessions of the unknowns that are tied;
    ``tie`` is the precision of each tie.
    """

    earlier: NDArray[np.int64]
    later: NDArray[np.int64]
    tie: Floats


@dataclass(frozen=True, slots=True)
class Factor:
    """Inverses of the pivot blocks of the elimination, one a session, with the ties between sessions."""

    starts: NDArray[np.int64]
    steps: list[Step]
    inverses: list[Floats]

    def solve(self, right: Floats) -> Floats:
        """Solve for one right-hand side (unknowns,)."""
        answer = right.copy()
        parts = [answer[a:b] for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]
        for t, inverse in enumerate(self.inverses):
            if t + 1 < len(parts):
                step = self.steps[t]
                parts[t + 1][step.later] += step.tie * (inverse @ parts[t])[step.earlier]
        for t in range(len(parts) - 1, -1, -1):
            if t + 1 < len(parts):
                step = self.steps[t]
                parts[t][step.earlier] += step.tie * parts[t + 1][step.later]
            parts[t][:] = self.inverses[t] @ parts[t]
        return answer

    def coloured(self, noise: Floats) -> Floats:
        """Draws (unknowns, draws) with the inverse as covariance, made of independent standard normal ones.

        The last session's come first; each earlier one leans on the session after it, as the elimination left it.
        """
        drawn = np.empty_like(noise)
        for t in range(len(self.inverses) - 1, -1, -1):
            own = slice(self.starts[t], self.starts[t + 1])
            drawn[own] = np.linalg.cholesky(self.inverses[t]) @ noise[own]
            if t + 1 < len(self.inverses):
                step = self.steps[t]
                later = drawn[self.starts[t + 1] : self.starts[t + 2]][step.later]
                drawn[own] += self.inverses[t][:, step.earlier] @ (step.tie[:, None] * later)
        return drawn

    def variance_blocks(self, dims: int) -> Floats:
        """Covariance of each node with itself (N, D, D): the block diagonal of the inverse."""
        blocks: list[Floats] = []
        below: Floats | None = None
        for t in range(len(self.inverses) - 1, -1, -1):
            covariance = self.inverses[t]
            if below is not None:
                step = self.steps[t]
                reach = covariance[:, step.earlier] * step.tie
                middle = below[np.ix_(step.later, step.later)]
                covariance = covariance + blas.dgemm(1.0, blas.dgemm(1.0, reach, middle), reach, trans_b=1)
            blocks.append(own_blocks(covariance, dims))
            below = covariance
        return np.concatenate(blocks[::-1])


def own_blocks(matrix: Floats, dims: int) -> Floats:
    """The D x D blocks along the diagonal of a matrix."""
    count = matrix.shape[0] // dims
    split = matrix.reshape(count, dims, count, dims)
    return split[np.arange(count), :, np.arange(count), :]


def factor(blocks: list[Floats], starts: NDArray[np.int64], steps: list[Step]) -> Factor:
    """Eliminate session by session.

    Args:
        blocks: one symmetric matrix a session, lower triangle filled; used up.
        starts: first unknown of each session, with the total at the end.
        steps: ties of each session to the next.

    Raises:
        NotDefinite: a pivot block is not positive definite.
    """
    inverses: list[Floats] = []
    for t, block in enumerate(blocks):
        if t > 0:
            step = steps[t - 1]
            carry_over(inverses[-1], step.earlier, step.later, step.tie, block)
        inverses.append(inverted(block))
    return Factor(starts, steps, inverses)


def inverted(block: Floats) -> Floats:
    """Inverse of a symmetric positive definite matrix given by its lower triangle."""
    lower, failed = lapack.dpotrf(block, lower=1, overwrite_a=1, clean=0)
    if failed:
        raise NotDefinite
    answer = lapack.dpotri(lower, lower=1, overwrite_c=1)
    inverse: Floats = answer[0]
    if answer[1]:
        raise NotDefinite
    mirror(inverse)
    return inverse


@compiled
def carry_over(inverse: Floats, earlier: Longs, later: Longs, tie: Floats, block: Floats) -> None:
    """Take what elimination of the earlier session leaves off the later one's block (lower triangle)."""
    for k in range(earlier.shape[0]):
        for m in range(k, earlier.shape[0]):
            block[later[m], later[k]] -= tie[m] * inverse[earlier[m], earlier[k]] * tie[k]


@compiled
def mirror(matrix: Floats) -> None:
    """Copy the lower triangle of a matrix onto its upper one."""
    for k in range(matrix.shape[0]):
        for m in range(k):
            matrix[m, k] = matrix[k, m]
