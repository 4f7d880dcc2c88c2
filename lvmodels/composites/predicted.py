"""What PLSpredict found: predictions, their errors beside two benchmarks, and a test of the difference (CVPAT)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from lvmodels.composites.options import choice

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Benchmark = Literal["linear_model", "mean"]


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Predicted answers and scores.

    Attributes
    ----------
    pls, linear_model, mean : ndarray, shape (n, K)
        Items of explained constructs by the model; by regression on the items of the antecedents; their means.
    scores : ndarray, shape (n, J)
        Explained constructs as their antecedents predict them.
    measured : ndarray, shape (n, J)
        The same as their items measure them.
    outcomes : tuple of str
        Names of the J constructs.
    """

    pls: Matrix
    linear_model: Matrix
    mean: Matrix
    scores: Matrix
    measured: Matrix
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PlsPrediction:
    """Predictions by cross-validation.

    Attributes
    ----------
    names, constructs : tuple of str
        The K predicted items, and the construct of each.
    rows : ndarray of int, shape (n,)
    weights : ndarray, shape (n,)
    actual : ndarray, shape (n, K)
    scores_in_model : ndarray, shape (n, J)
        Explained constructs as the fit to all cases measures them.
    out_of_sample : Predictions
        For each case from the samples it does not belong to; averaged over repetitions.
    in_sample : Predictions
        For each case from the samples it belongs to, averaged.
    technique : {"direct", "earliest"}
    folds : int
    """

    names: tuple[str, ...]
    constructs: tuple[str, ...]
    rows: NDArray[np.intp]
    weights: Vector
    actual: Matrix
    scores_in_model: Matrix
    out_of_sample: Predictions
    in_sample: Predictions
    technique: str
    folds: int

    @property
    def items(self) -> pd.DataFrame:
        """Predicted answers out of sample, a row a case."""
        return self._frame(self.out_of_sample.pls)

    @property
    def scores(self) -> pd.DataFrame:
        """Predicted scores of explained constructs out of sample, a row a case."""
        import pandas as pd

        found = self.out_of_sample
        return pd.DataFrame(found.scores, index=self.rows, columns=list(found.outcomes))

    @property
    def benchmark(self) -> pd.DataFrame:
        """Answers as the linear model predicts them out of sample, a row a case."""
        return self._frame(self.out_of_sample.linear_model)

    @property
    def metrics(self) -> pd.DataFrame:
        """Errors of prediction by item.

        Returns
        -------
        DataFrame
            Index: item. Columns construct, q2_predict (1 less squared errors over those of the mean), and rmse and mae
            of the model (``rmse``, ``mae``), of the linear model (``_lm``), of the mean (``_mean``), in units of the
            item; those with ``_in_sample`` beside them.
        """
        import pandas as pd

        table = pd.DataFrame({"construct": self.constructs}, index=list(self.names))
        out, inside = self.out_of_sample, self.in_sample
        model, naive = self._squares(out.pls), self._squares(out.mean)
        table["q2_predict"] = 1.0 - self._average(model) / self._average(naive)
        for ending, predicted in (
            ("", out.pls), ("_lm", out.linear_model), ("_mean", out.mean),
            ("_in_sample", inside.pls), ("_lm_in_sample", inside.linear_model),
        ):  # fmt: skip
            table[f"rmse{ending}"] = np.sqrt(self._average(self._squares(predicted)))
            table[f"mae{ending}"] = self._average(np.abs(self.actual - predicted))
        return table.rename_axis("item")

    @property
    def construct_metrics(self) -> pd.DataFrame:
        """Errors of predicted scores from those of the fit to all cases, in standard deviations.

        Returns
        -------
        DataFrame
            Index: construct. Columns q2_predict, rmse, mae, rmse_in_sample, mae_in_sample.
        """
        import pandas as pd

        actual, out, inside = self.scores_in_model, self.out_of_sample.scores, self.in_sample.scores
        table = pd.DataFrame(index=list(self.out_of_sample.outcomes))
        table["q2_predict"] = 1.0 - self._average((actual - out) ** 2) / self._average(actual**2)
        for ending, predicted in (("", out), ("_in_sample", inside)):
            table[f"rmse{ending}"] = np.sqrt(self._average((actual - predicted) ** 2))
            table[f"mae{ending}"] = self._average(np.abs(actual - predicted))
        return table.rename_axis("construct")

    def cvpat(self, against: Benchmark = "linear_model") -> pd.DataFrame:
        """Test of the difference in loss from a benchmark (Liengaard et al. 2021; Sharma et al. 2023).

        The loss of a case is its mean squared error over the items of a construct.

        Parameters
        ----------
        against : {"linear_model", "mean"}

        Returns
        -------
        DataFrame
            A row a construct, and one for all; columns loss, loss_benchmark, difference (negative: the model predicts
            better), t, pvalue (two-sided).
        """
        import pandas as pd

        wanted = choice("against", against, ("linear_model", "mean"))
        model, other = self._squares(self.out_of_sample.pls), self._squares(getattr(self.out_of_sample, wanted))
        rows = {}
        for name in (*dict.fromkeys(self.constructs), "all"):
            own = np.array([name in (construct, "all") for construct in self.constructs])
            complete = np.isfinite(model[:, own]).all(axis=1)
            losses = model[complete][:, own].mean(axis=1), other[complete][:, own].mean(axis=1)
            rows[name] = _paired(*losses, self.weights[complete])
        columns = ["loss", "loss_benchmark", "difference", "t", "pvalue"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("construct")

    def _squares(self, predicted: Matrix) -> Matrix:
        return np.asarray((self.actual - predicted) ** 2)

    def _average(self, values: Matrix) -> Vector:
        """Weighted mean over the cases that answered, shape (K,)."""
        seen = np.isfinite(values)
        return np.asarray((self.weights @ np.where(seen, values, 0.0)) / (self.weights @ seen))

    def _frame(self, values: Matrix) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(values, index=self.rows, columns=list(self.names))

    def __repr__(self) -> str:
        return f"<PlsPrediction: {len(self.names)} items, {self.folds} folds, {self.technique} antecedents>"


def _paired(loss: Vector, benchmark: Vector, weights: Vector) -> tuple[float, float, float, float, float]:
    """Means, their difference, and its t test."""
    share, n = weights / weights.sum(), len(loss)
    apart = loss - benchmark
    mean = float(share @ apart)
    error = float(np.sqrt(share @ (apart - mean) ** 2 / (n - 1.0)))
    t = mean / error if error > 0 else float("nan")
    return float(share @ loss), float(share @ benchmark), mean, t, float(2.0 * stdtr(n - 1.0, -abs(t)))
