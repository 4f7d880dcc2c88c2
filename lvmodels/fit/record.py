"""The result of a fit: what was computed, and doors to everything derived from it."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lvmodels.errors import LvmodelsWarning
from lvmodels.estimate.choices import level_of
from lvmodels.estimate.objective import Evaluation, Objective
from lvmodels.estimate.settings import Settings
from lvmodels.estimate.solve import Optimum
from lvmodels.fit.preparation import Prepared
from lvmodels.model.records import ModelText
from lvmodels.model.table import ParameterTable

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.assess.bootstrap import Bootstrap
    from lvmodels.assess.implied import ImpliedMoments
    from lvmodels.assess.summary import Summary


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model.

    Holds the model, the moments and the optimum. Everything else is derived from these when asked for.

    Attributes
    ----------
    settings : Settings
        Options, with defaults settled.
    text : ModelText
        The parsed model.
    prepared : Prepared
        Data, moments and group labels.
    table : ParameterTable
    objective : Objective
    optimum : Optimum
    singular : bool
        Whether the information matrix is singular there.
    warnings : tuple of LvmodelsWarning
        What was dubious about data or solution.
    """

    settings: Settings
    text: ModelText
    prepared: Prepared
    table: ParameterTable
    objective: Objective
    optimum: Optimum
    singular: bool
    warnings: tuple[LvmodelsWarning, ...]
    _derived: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    @property
    def converged(self) -> bool:
        """Whether a minimum was found."""
        return self.optimum.converged

    @property
    def solution(self) -> Evaluation:
        """The objective at the optimum."""
        return self.optimum.evaluation

    def estimates(self, standardized: bool = True, level: float | None = None) -> pd.DataFrame:
        """Estimates, standard errors, tests and intervals of all parameters, fixed and defined ones included.

        Parameters
        ----------
        standardized : bool
            Add columns std_lv (latent variables standardized) and std_all (all variables).
        level : float, optional
            Of the confidence intervals; that of the fit by default.

        Returns
        -------
        DataFrame
            Columns lhs, op, rhs, group (with several groups), label, est, se, z, pvalue, ci_lower, ci_upper. With
            `aux=` and full information the parameters of the auxiliary variables follow those of the model in each
            group, and the column auxiliary is True for them.

        Examples
        --------
        >>> import lvmodels as lv
        >>> fit = lv.cfa("visual =~ x1 + x2 + x3", lv.datasets.load("holzinger_swineford"))
        >>> fit.estimates()[["lhs", "op", "rhs", "est"]].round(3).head(3)
              lhs  op rhs    est
        0  visual  =~  x1  1.000
        1  visual  =~  x2  0.778
        2  visual  =~  x3  1.107
        """
        from lvmodels.assess.estimates import estimates

        return estimates(self, standardized, level_of(level, self.settings.level))

    def fit_measures(self) -> pd.Series[float]:
        """Chi-square test, fit indices and information criteria, under lavaan's names with ``_`` for ``.``.

        With products of latent variables log-likelihood and criteria alone: no saturated model stands beside them.
        """
        from lvmodels.assess.measures import fit_measures

        return fit_measures(self)

    def standardized(self, kind: Literal["all", "lv"] = "all", level: float | None = None) -> pd.DataFrame:
        """Standardized estimates with their own delta-method standard errors.

        Returns
        -------
        DataFrame
            Columns lhs, op, rhs, group, label, est_std, se, z, pvalue, ci_lower, ci_upper.
        """
        from lvmodels.assess.estimates import standardized

        return standardized(self, kind, level_of(level, self.settings.level))

    def modification_indices(self, minimum: float = 0.0) -> pd.DataFrame:
        """Expected fall of chi-square, and change of the parameter, if a fixed parameter were freed.

        Parameters
        ----------
        minimum : float
            Rows with a smaller index are left out.

        Returns
        -------
        DataFrame
            Columns lhs, op, rhs, group, mi, epc, sepc_lv, sepc_all; largest index first.
        """
        from lvmodels.assess.modification import modification_indices

        return modification_indices(self, minimum)

    def residuals(
        self, kind: Literal["raw", "cor", "standardized"] = "raw", group: int = 1, means: bool = False, level: int = 1
    ) -> Any:
        """Sample minus implied covariances: raw, of correlations, or divided by their standard errors.

        In a two-level model the saturated moments of the level stand for those of the sample.

        Returns
        -------
        DataFrame, shape (p, p), or with `means` a Series of the residual means, shape (p,)
        """
        from lvmodels.assess.residuals import residuals

        return residuals(self, kind, group, means, level)

    def implied(self, group: int = 1, level: int = 1) -> ImpliedMoments:
        """Implied covariances and means of a level of a group: a record with frames `cov`, `mean`, `latent_cov`."""
        from lvmodels.assess.implied import implied

        return implied(self, group, level)

    def scores(self, method: Literal["regression", "bartlett"] = "regression") -> pd.DataFrame:
        """Factor scores, a row a case that was analysed; the index is the row of the data.

        With products of latent variables "regression" scores are the means of their joint posterior distribution.

        In a two-level model those of the clusters are repeated for each of their cases.
        """
        from lvmodels.assess.scores import scores

        return scores(self, method)

    def r2(self) -> pd.Series[float]:
        """Share of variance explained, of every variable that something explains."""
        from lvmodels.assess.effects import r2

        return r2(self)

    def icc(self) -> pd.DataFrame:
        """Intraclass correlations of a two-level model: the share of each variable's variance between clusters.

        Returns
        -------
        DataFrame
            Index variable; columns [group], within, between (variances of the saturated model), icc.
        """
        from lvmodels.assess.twolevel import icc

        return icc(self)

    def effects(self, level: float | None = None) -> pd.DataFrame:
        """Direct, indirect and total effects among constructs, with delta-method standard errors.

        With products of latent variables those where the moderators are 0, which is the mean of exogenous ones;
        `lvmodels.simple_slopes` has the others.
        """
        from lvmodels.assess.effects import effects

        return effects(self, level_of(level, self.settings.level))

    def vcov(self) -> pd.DataFrame:
        """Covariance matrix of the estimates of the free parameters."""
        from lvmodels.assess.vcov import vcov

        return vcov(self)

    def bootstrap(
        self, n: int = 5000, kind: str = "ordinary", seed: Any = None, executor: Executor | None = None
    ) -> Bootstrap:
        """Fit the model to n samples drawn from the cases, or from the model.

        Parameters
        ----------
        n : int
            Replicates.
        kind : {"ordinary", "parametric", "bollen.stine", "cluster"}
            Draw cases, within groups; draw from the normal distribution that the model implies, fixed covariates as
            they are; draw cases transformed so that the model holds (Bollen and Stine 1992); draw whole clusters.
        seed : int, Generator or None
            The same seed gives the same digits on any number of workers.
        executor : concurrent.futures.Executor, optional
            Of threads or processes. By default threads where they pay.

        Returns
        -------
        Bootstrap
            With `draws`, `failed`, `ci("percentile")`, `bse` and, for kind "bollen.stine", `pvalue`.

        Raises
        ------
        NotConvergedError, OptionValueError, DataError, NotEstimableError

        Examples
        --------
        >>> import lvmodels as lv
        >>> data = lv.datasets.load("political_democracy")
        >>> fit = lv.sem("dem60 =~ y1 + y2 + y3 + y4; ind60 =~ x1 + x2 + x3; dem60 ~ ind60", data)
        >>> resampled = fit.bootstrap(200, seed=1)
        >>> resampled
        <Bootstrap: ordinary, 200 replicates>
        >>> table = resampled.ci("bca")
        >>> path = table[table["op"] == "~"].iloc[0]
        >>> bool(path["ci_lower"] < path["est"] < path["ci_upper"])
        True
        """
        from lvmodels.assess.bootstrap import bootstrap

        return bootstrap(self, n, kind, seed, executor)

    @property
    def params(self) -> pd.Series[float]:
        """Estimates of the free parameters."""
        from lvmodels.assess.vcov import params

        return params(self)

    @property
    def bse(self) -> pd.Series[float]:
        """Standard errors of the free parameters."""
        from lvmodels.assess.vcov import standard_errors

        return standard_errors(self)

    @property
    def pvalues(self) -> pd.Series[float]:
        """Two-sided p values of the free parameters."""
        from lvmodels.assess.vcov import pvalues

        return pvalues(self)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Confidence intervals of the free parameters: columns lower, upper."""
        from lvmodels.assess.vcov import conf_int

        return conf_int(self, alpha)

    @property
    def llf(self) -> float:
        """Log-likelihood at the estimates."""
        return float(self.fit_measures().get("logl", float("nan")))

    @property
    def aic(self) -> float:
        """Akaike's information criterion."""
        return float(self.fit_measures().get("aic", float("nan")))

    @property
    def bic(self) -> float:
        """Schwarz's (Bayesian) information criterion."""
        return float(self.fit_measures().get("bic", float("nan")))

    @property
    def nobs(self) -> int:
        """Number of cases analysed."""
        return round(sum(m.n for m in self.prepared.moments))

    @property
    def df(self) -> int:
        """Degrees of freedom; with products of latent variables moments less parameters, which test nothing."""
        from lvmodels.assess.measures import degrees_of_freedom

        return degrees_of_freedom(self)

    def summary(self) -> Summary:
        """Everything a reader wants first, as a record that prints."""
        from lvmodels.assess.summary import summary

        return summary(self)

    def to_json(self, path: str | Path | None = None) -> str:
        """All results at full precision as JSON; written to `path` when given."""
        from lvmodels.report.results import to_json

        return to_json(self, path)

    def report(
        self, path: str | Path, language: Literal["en", "zh"] = "en", title: str | None = None, hypotheses: Any = None
    ) -> Path:
        """Write the folder with report.html, tables, figures and results.json.

        Parameters
        ----------
        path : str or Path
            The folder; it is made when it does not exist.
        language : {"en", "zh"}
            English or Chinese.
        title : str, optional
            Of the report; that of the instrument by default.
        hypotheses : Framework, optional
            The framework whose hypotheses get a table of verdicts.

        Returns
        -------
        Path
            Of report.html.

        Raises
        ------
        OutputError
            When the folder cannot be written.
        """
        from lvmodels.report.document import report

        return report(self, path, language=language, title=title, hypotheses=hypotheses)

    def __repr__(self) -> str:
        state = "converged" if self.converged else "NOT CONVERGED"
        return f"<Fit: {self.settings.kind}, n = {self.nobs}, df = {self.df}, {state}>"
