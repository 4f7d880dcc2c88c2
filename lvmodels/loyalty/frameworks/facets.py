"""Overall loyalty regressed on the scores of its facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lvmodels.errors import TooFewCasesError
from lvmodels.survey.answers import Survey
from lvmodels.survey.scale_scores import scale_scores

if TYPE_CHECKING:
    import pandas as pd

FACETS = ("CognitiveFacet", "AffectiveFacet", "BehaviouralFacet", "RecommendationFacet")


@dataclass(frozen=True, slots=True)
class FacetRegression:
    """A regression by ordinary least squares of one score on others.

    Attributes
    ----------
    coefficients : DataFrame
        Index: constant and facets. Columns b, se, t, pvalue, ci_lower, ci_upper, beta (standardized; NaN for the
        constant), vif.
    correlations : DataFrame
        Of all scores, the outcome last.
    r2, r2_adjusted, f, pvalue : float
        Share explained; test of all coefficients.
    nobs : int
        Complete cases.
    """

    coefficients: pd.DataFrame
    correlations: pd.DataFrame
    r2: float
    r2_adjusted: float
    f: float
    pvalue: float
    nobs: int


def facet_regression(
    survey: Survey, facets: Sequence[str] = FACETS, outcome: str = "OverallLoyalty"
) -> FacetRegression:
    """Regress the score of overall loyalty on those of its facets (means of items, reverse keys turned round).

    Parameters
    ----------
    survey : Survey
        Answers to the instrument `loyalty_facets`, or to another that has the constructs named.
    facets : sequence of str
    outcome : str

    Returns
    -------
    FacetRegression

    Raises
    ------
    UnknownNameError
        When the survey has no such construct.
    OptionValueError
        When it has no instrument.
    TooFewCasesError
        When there are no more complete cases than coefficients.

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = facet_regression(lv.frameworks["loyalty_facet_paths"].simulate(400, seed=1))
    >>> found.coefficients.index.tolist()[1:3], 0.2 < found.r2 < 0.7
    (['CognitiveFacet', 'AffectiveFacet'], True)
    """
    import pandas as pd
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.outliers_influence import variance_inflation_factor
    from statsmodels.tools.tools import add_constant

    scores = scale_scores(survey, constructs=[*facets, outcome]).scores
    frame = scores[[*facets, outcome]].dropna()
    if len(frame) <= len(facets) + 1:
        raise TooFewCasesError(
            f"{len(frame)} complete cases are too few for {len(facets) + 1} coefficients; collect more answers."
        )
    X = add_constant(frame[list(facets)], has_constant="add").rename(columns={"const": "constant"})
    fit = OLS(frame[outcome], X).fit()
    interval = fit.conf_int()
    beta = fit.params * X.std() / frame[outcome].std()
    table = pd.DataFrame(
        {
            "b": fit.params,
            "se": fit.bse,
            "t": fit.tvalues,
            "pvalue": fit.pvalues,
            "ci_lower": interval[0],
            "ci_upper": interval[1],
            "beta": beta.where(beta.index != "constant"),
            "vif": [float("nan"), *(variance_inflation_factor(X.to_numpy(), k) for k in range(1, X.shape[1]))],
        }
    )
    numbers = (float(fit.rsquared), float(fit.rsquared_adj), float(fit.fvalue), float(fit.f_pvalue))
    return FacetRegression(table, frame.corr(), *numbers, len(frame))
