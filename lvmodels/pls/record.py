"""The result of partial least squares: what was computed, and doors to everything derived from it."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lvmodels.errors import LvmodelsWarning
from lvmodels.pls.answers import Answers
from lvmodels.pls.declaration import Declaration
from lvmodels.pls.layout import Stage
from lvmodels.pls.options import PlsSettings
from lvmodels.pls.rows import Row
from lvmodels.pls.solution import Solution

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.pls.bootstrap import PlsBootstrap
    from lvmodels.pls.groups import GroupComparison
    from lvmodels.pls.importance import ImportancePerformance
    from lvmodels.pls.prediction import PlsPrediction
    from lvmodels.pls.summary import PlsSummary


@dataclass(frozen=True, slots=True, eq=False)
class PlsFit:
    """A model estimated by partial least squares.

    Frames that relate constructs have the origin of a path in the row and its outcome in the column.

    Attributes
    ----------
    settings : PlsSettings
    declared : Declaration
        The model text, sorted.
    stages : tuple of Stage
        The last one is the model; products of scores and constructs of higher order need others before it.
    answers : Answers
    source : object
        The data as they were given.
    rows : tuple of Row
        Loadings, weights, paths and defined parameters.
    solutions : tuple of Solution
        One a stage, each of a single sample.
    warnings : tuple of LvmodelsWarning
    """

    settings: PlsSettings
    declared: Declaration
    stages: tuple[Stage, ...]
    answers: Answers
    source: Any
    rows: tuple[Row, ...]
    solutions: tuple[Solution, ...]
    warnings: tuple[LvmodelsWarning, ...]
    _derived: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    @property
    def stage(self) -> Stage:
        """The model itself."""
        return self.stages[-1]

    @property
    def solution(self) -> Solution:
        """That of the model itself."""
        return self.solutions[-1]

    @property
    def converged(self) -> bool:
        """Whether the weights of every stage settled."""
        return all(bool(solution.converged[0]) for solution in self.solutions)

    @property
    def iterations(self) -> int:
        """Of the last stage."""
        return int(self.solution.iterations[0])

    @property
    def nobs(self) -> int:
        """Number of cases analysed."""
        return self.answers.n

    def estimates(self, level: float | None = None) -> pd.DataFrame:
        """Loadings, weights, paths and defined parameters.

        Errors, tests and intervals (percentile) are those of the latest `bootstrap`; without one they are NaN.

        Returns
        -------
        DataFrame
            Columns lhs, op, rhs, label (if any), est, se, z, pvalue, ci_lower, ci_upper, std_lv, std_all. Rows with op
            ``=~`` are loadings, ``<~`` outer weights (both for every block, whatever its mode), ``~`` paths. The path
            of a product is on the scale of the product; std_all standardizes it, too.

        Examples
        --------
        >>> import lvmodels as lv
        >>> fit = lv.pls("Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; Loyalty ~ Value", lv.datasets.load("ecsi_mobi"))
        >>> fit.estimates().query("op == '~'")[["lhs", "op", "rhs", "est"]].round(3).to_string(index=False)
        '    lhs op   rhs   est\\nLoyalty  ~ Value 0.521'
        """
        from lvmodels.pls.estimates import estimates

        return estimates(self, self.settings.level if level is None else level)

    def paths(self, kind: Literal["default", "standardized", "unstandardized"] = "default") -> pd.DataFrame:
        """Path coefficients, origin in the row and outcome in the column, 0 where there is no path.

        Parameters
        ----------
        kind : {"default", "standardized", "unstandardized"}
            Constructs with unit variance, products on the scale of the product; all with unit variance; constructs in
            the units of their items (weights scaled to sum to 1).
        """
        from lvmodels.pls.estimates import paths

        return paths(self, kind)

    def loadings(self) -> pd.DataFrame:
        """Items × constructs; 0 where an item does not measure a construct."""
        from lvmodels.pls.estimates import by_item

        return by_item(self, "=~")

    def weights(self) -> pd.DataFrame:
        """Outer weights, items × constructs; scores have unit variance."""
        from lvmodels.pls.estimates import by_item

        return by_item(self, "<~")

    def cross_loadings(self) -> pd.DataFrame:
        """Correlations of every item with every score."""
        from lvmodels.pls.estimates import cross_loadings

        return cross_loadings(self)

    def correlations(self, kind: Literal["constructs", "scores"] = "constructs") -> pd.DataFrame:
        """Correlations of constructs (with consistent estimation corrected for attenuation), or of their scores."""
        from lvmodels.pls.estimates import correlations

        return correlations(self, kind)

    def scores(self, kind: Literal["standardized", "unstandardized"] = "standardized") -> pd.DataFrame:
        """Scores of constructs, a row a case; the index is the row of the data.

        Parameters
        ----------
        kind : {"standardized", "unstandardized"}
            Mean 0 and variance 1 (products keep the variance of the product); or weighted means of the items as they
            were answered.
        """
        from lvmodels.pls.estimates import scores

        return scores(self, kind)

    def r2(self, adjusted: bool = False) -> pd.Series[float]:
        """Share of variance explained, of every construct that something explains."""
        from lvmodels.pls.estimates import r2

        return r2(self, adjusted)

    def f2(self, method: Literal["refit", "scores"] = "refit") -> pd.DataFrame:
        """Effect sizes of paths, (R² with − R² without the path) / (1 − R² with it) (Cohen 1988).

        Parameters
        ----------
        method : {"refit", "scores"}
            Estimate the model again without the path (Hair et al. 2022), or keep the scores as they are.
        """
        from lvmodels.pls.effect_sizes import f2

        return f2(self, method)

    def vif(self, kind: Literal["constructs", "items"] = "constructs") -> pd.DataFrame | pd.Series[float]:
        """Variance inflation of predecessors (frame, by outcome) or of items within their block (series).

        Outcomes with a single predecessor are NaN throughout; scores are as they are, not corrected for attenuation.
        """
        from lvmodels.pls.quality import vif

        return vif(self, kind)

    def reliability(self) -> pd.DataFrame:
        """By construct: alpha, rho_a, composite_reliability (rho_c), ave.

        Sources: Cronbach (1951); Dijkstra and Henseler (2015); Jöreskog (1971); Fornell and Larcker (1981).
        Constructs of mode B, and those of one item, have rho_a 1 by convention.
        """
        from lvmodels.pls.quality import reliability

        return reliability(self)

    def communality(self) -> pd.Series[float]:
        """Squared loading of every item; the index is (construct, item)."""
        from lvmodels.pls.quality import communality

        return communality(self)

    def redundancy(self) -> pd.Series[float]:
        """Communality times R² for items of explained constructs (Tenenhaus et al. 2005); index (construct, item)."""
        from lvmodels.pls.quality import redundancy

        return redundancy(self)

    def htmt(self, kind: Literal["arithmetic", "geometric", "absolute"] = "arithmetic") -> pd.DataFrame:
        """Heterotrait-monotrait ratios of correlations (Henseler et al. 2015; Roemer et al. 2021), lower triangle."""
        from lvmodels.pls.quality import htmt

        return htmt(self, kind)

    def fornell_larcker(self, kind: Literal["constructs", "scores"] = "constructs") -> pd.DataFrame:
        """Correlations with √AVE in the diagonal, lower triangle (Fornell and Larcker 1981)."""
        from lvmodels.pls.quality import fornell_larcker

        return fornell_larcker(self, kind)

    def effects(self, level: float | None = None) -> pd.DataFrame:
        """Direct, indirect and total effects: outcome, predictor, effect, est, and the bootstrap's errors if there is one."""
        from lvmodels.pls.effects import effects

        return effects(self, self.settings.level if level is None else level)

    def total_effects(self) -> pd.DataFrame:
        """Direct plus indirect effects, origin in the row and outcome in the column."""
        from lvmodels.pls.effects import total_effects_frame

        return total_effects_frame(self)

    def indirect_effects(self) -> pd.DataFrame:
        """Total less direct effects."""
        from lvmodels.pls.effects import indirect_effects_frame

        return indirect_effects_frame(self)

    def specific_effects(self, level: float | None = None) -> pd.DataFrame:
        """Every chain of two or more paths: predictor, outcome, through, est, and the bootstrap's errors if there is one."""
        from lvmodels.pls.effects import specific_effects

        return specific_effects(self, self.settings.level if level is None else level)

    def mediation(self, level: float | None = None) -> pd.DataFrame:
        """Type of mediation for every pair with indirect effects (Zhao, Lynch and Chen 2010); needs a bootstrap."""
        from lvmodels.pls.effects import mediation

        return mediation(self, self.settings.level if level is None else level)

    def slopes(self, at: tuple[float, ...] = (-1.0, 0.0, 1.0)) -> pd.DataFrame:
        """Slope of each moderated path at values of the moderator, in standard deviations (Aiken and West 1991)."""
        from lvmodels.pls.effects import slopes

        return slopes(self, at)

    def fit_measures(self) -> pd.Series[float]:
        """Distance of observed and implied correlations: srmr, d_uls, d_g, for saturated and estimated paths; gof."""
        from lvmodels.pls.model_fit import fit_measures

        return fit_measures(self)

    def exact_fit(self, n: int = 1000, seed: Any = None, level: float = 0.95) -> pd.DataFrame:
        """Bootstrap test of exact fit (Bollen and Stine 1992; Dijkstra and Henseler 2015).

        Returns
        -------
        DataFrame
            Index srmr, d_uls, d_g (saturated and estimated); columns value, critical (quantile), pvalue.
        """
        from lvmodels.pls.model_fit import exact_fit

        return exact_fit(self, n, seed, level)

    def bootstrap(
        self,
        n: int = 5000,
        seed: Any = None,
        signs: Literal["none", "construct", "individual"] = "none",
        inner: int = 0,
        executor: Executor | None = None,
    ) -> PlsBootstrap:
        """Draw the cases again n times and estimate all samples as a stack.

        Parameters
        ----------
        n : int
            Replicates.
        seed : int, Generator or None
            The same seed gives the same digits on any number of workers.
        signs : {"none", "construct", "individual"}
            Nothing beyond the sign rule of the model; turn constructs whose loadings point the other way than in the
            sample; give every estimate the sign it has in the sample (Tenenhaus et al. 2005).
        inner : int
            Replicates within each replicate, for studentized intervals; 0 for none, 25 to 50 will do.
        executor : concurrent.futures.Executor, optional
            By default threads, where there is more than one processor.

        Returns
        -------
        PlsBootstrap
            With `draws`, `failed`, `ci("percentile" / "bca" / "normal" / "basic" / "studentized")`. The fit keeps the
            latest one for `estimates()`, `effects()` and `summary()`.

        Raises
        ------
        NotConvergedError, OptionValueError, DataError

        Examples
        --------
        >>> import lvmodels as lv
        >>> fit = lv.pls("Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; Loyalty ~ Value", lv.datasets.load("ecsi_mobi"))
        >>> fit.bootstrap(200, seed=1)
        <PlsBootstrap: 200 replicates>
        >>> row = fit.estimates().query("op == '~'").iloc[0]
        >>> bool(row["ci_lower"] < row["est"] < row["ci_upper"])
        True
        """
        from lvmodels.pls.bootstrap import bootstrap

        return bootstrap(self, n, seed, signs, inner, executor)

    def predict(
        self,
        folds: int = 10,
        repeats: int = 1,
        order: Any = None,
        technique: Literal["direct", "earliest"] = "direct",
        seed: Any = None,
    ) -> PlsPrediction:
        """PLSpredict: how well the model predicts cases it has not seen (Shmueli et al. 2016, 2019).

        Parameters
        ----------
        folds, repeats : int
        order : sequence of int, optional
            Order of the cases, from 0, before they are cut into folds; one, or one for each repetition. Random otherwise.
        technique : {"direct", "earliest"}
            Predict from direct antecedents, or from the first constructs of each chain.
        seed : int, Generator or None

        Returns
        -------
        PlsPrediction
            With `items`, `constructs`, `metrics` (PLS beside a linear model and the mean), `cvpat()`.
        """
        from lvmodels.pls.prediction import predict

        return predict(self, folds, repeats, order, technique, seed)

    def blindfold(self, omission: int = 7) -> pd.DataFrame:
        """Q² of explained constructs by blindfolding: redundancy and communality (Stone 1974; Geisser 1974; Wold 1982).

        Parameters
        ----------
        omission : int
            Every how manieth answer is left out; it must not divide the number of cases.
        """
        from lvmodels.pls.blindfolding import blindfold

        return blindfold(self, omission)

    def ipma(self, target: str | None = None, minimum: Any = None, maximum: Any = None) -> ImportancePerformance:
        """Importance–performance map (Ringle and Sarstedt 2016).

        Parameters
        ----------
        target : str, optional
            The construct to improve; the last explained one by default.
        minimum, maximum : float or mapping of item to float, optional
            Ends of the scale; those of the instrument, or else the smallest and largest answers, by default.

        Returns
        -------
        ImportancePerformance
            With frames `constructs` and `items`: importance (unstandardized total effect), performance (0 to 100).
        """
        from lvmodels.pls.importance import ipma

        return ipma(self, target, minimum, maximum)

    def groups(
        self, by: str, n: int = 1000, seed: Any = None, executor: Executor | None = None
    ) -> GroupComparison:
        """Compare groups: MICOM, permutation tests, and Henseler's multigroup analysis.

        Parameters
        ----------
        by : str
            Column with the group of each case.
        n : int
            Permutations, and bootstrap replicates a group.
        seed : int, Generator or None
        executor : concurrent.futures.Executor, optional

        Returns
        -------
        GroupComparison
            With `fits`, `micom()`, `paths()`: differences with the p values of both methods.
        """
        from lvmodels.pls.groups import groups

        return groups(self, by, n, seed, executor)

    def summary(self) -> PlsSummary:
        """Everything a reader wants first, as a record that prints."""
        from lvmodels.pls.summary import summary

        return summary(self)

    def __repr__(self) -> str:
        state = "converged" if self.converged else "NOT CONVERGED"
        kind = "consistent PLS" if self.settings.consistent else "PLS"
        return f"<PlsFit: {kind}, n = {self.nobs}, {len(self.stage.names)} constructs, {state}>"
