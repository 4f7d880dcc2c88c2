"""What an exploratory factor analysis found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import NotEstimableError
from lvmodels.estimate.choices import choice_of
from lvmodels.measurement.factors.scores import SCORE_METHODS, ScoreMethod, factor_scores
from lvmodels.survey.columns import as_survey, columns_of, numeric
from lvmodels.survey.matrix import check_known

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class FactorAnalysis:
    """Exploratory factors, made by `efa`.

    Attributes
    ----------
    loadings : DataFrame, shape (p, m)
        Pattern of the standardized items on the factors F1, F2, ...: those that explain most come first, and the sum of
        each column is positive. A target keeps its own order, signs and names; a general factor comes first.
    standard_errors : DataFrame, shape (p, m)
        Of the loadings; NaN where the rotation does not determine them.
    structure : DataFrame, shape (p, m)
        Correlations of items with factors, loadings times phi.
    phi : DataFrame, shape (m, m)
        Correlations of the factors.
    phi_errors : DataFrame, shape (m, m)
        Their standard errors; 0 where factors are held uncorrelated.
    uniquenesses, communalities : Series, shape (p,)
        Of the item, the share of variance that is its own, and that it shares with the factors.
    variance : DataFrame
        A row a factor: ss_loadings (what it explains, in variances of an item), proportion (of all variance),
        cumulative, share (of the common variance).
    fit_measures : Series
        chisq, df, pvalue, baseline_chisq, baseline_df, cfi, tli, rmsea with rmsea_ci_lower, rmsea_ci_upper (90 %) and
        rmsea_pvalue, srmr, rmsr (of the residual correlations), aic and bic (relative to the saturated model).
    correlations, residuals : DataFrame, shape (p, p)
        What the factors were extracted from, and what is left; the diagonal of the latter is 0.
    n : int
        Cases used.
    n_factors : int
    method, rotation : str
    criterion : float
        The smallest value of the rotation criterion; NaN for "none".
    starts, starts_at_best : int
        From how many positions the rotation started, and how many of these ended at the smallest criterion.
    converged : bool
        Whether extraction and rotation settled.
    ordered : tuple of str
        Items that were taken as ordinal.
    """

    loadings: pd.DataFrame
    standard_errors: pd.DataFrame
    structure: pd.DataFrame
    phi: pd.DataFrame
    phi_errors: pd.DataFrame
    uniquenesses: pd.Series[float]
    communalities: pd.Series[float]
    variance: pd.DataFrame
    fit_measures: pd.Series[float]
    correlations: pd.DataFrame
    residuals: pd.DataFrame
    n: int
    n_factors: int
    method: str
    rotation: str
    criterion: float
    starts: int
    starts_at_best: int
    converged: bool
    ordered: tuple[str, ...]
    mean: NDArray[np.float64] = field(repr=False)
    sd: NDArray[np.float64] = field(repr=False)

    @property
    def chisq(self) -> float:
        """Test statistic of the number of factors."""
        return float(self.fit_measures["chisq"])

    @property
    def df(self) -> int:
        """Degrees of freedom, ((p - m)² - p - m) / 2."""
        return int(self.fit_measures["df"])

    @property
    def pvalue(self) -> float:
        """Of the chi-square test; NaN without degrees of freedom."""
        return float(self.fit_measures["pvalue"])

    def scores(self, data: Any, method: ScoreMethod = "regression") -> pd.DataFrame:
        """Scores of cases on the factors.

        Parameters
        ----------
        data : data frame or Survey
            With the items among its columns; the cases analysed, or new ones, which are standardized by the means and
            standard deviations of those analysed. A case with missing answers is scored by the answers it gave.
        method : {"regression", "bartlett", "anderson-rubin"}
            The conditional means of the factors; unbiased ones; uncorrelated ones of unit variance.

        Returns
        -------
        DataFrame, shape (n, m)
            In standard deviations of the factor; NaN for a case whose answers do not determine them.

        Raises
        ------
        UnknownVariableError, NonNumericError, OptionValueError
        NotEstimableError
            When items are ordinal.

        References
        ----------
        Thurstone (1935); Bartlett (1937); Anderson and Rubin (1956).

        Examples
        --------
        >>> import lvmodels as lv
        >>> answers = lv.datasets.load("holzinger_swineford").answers
        >>> lv.efa(answers, 3).scores(answers).shape
        (301, 3)
        """
        import pandas as pd

        how = choice_of("method", method, SCORE_METHODS)
        if self.ordered:
            raise NotEstimableError(
                "scores of ordinal items need the thresholds of a model; fit the factors with "
                "lv.cfa(model, data, ordered=True) and take its scores()."
            )
        survey = as_survey(data)
        columns = columns_of(data if survey is None else survey.answers)
        names = list(self.loadings.index)
        known = {str(name): name for name in columns.names}
        check_known(names, list(known), "scores() needs all items that the factors were extracted from.")
        Z = (numeric(columns, [known[name] for name in names]) - self.mean) / self.sd
        Lambda, Phi = self.loadings.to_numpy(dtype=float), self.phi.to_numpy(dtype=float)
        found = factor_scores(Z, Lambda, Phi, self.uniquenesses.to_numpy(dtype=float), how)
        index = getattr(data if survey is None else survey.answers, "index", None)
        return pd.DataFrame(found, columns=self.loadings.columns, index=index if hasattr(index, "dtype") else None)
