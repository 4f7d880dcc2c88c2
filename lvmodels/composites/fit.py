"""The result of partial least squares, with doors to everything that is computed from the answers once more."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from lvmodels.composites.estimated import PlsEstimated

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.composites.bootstrap import PlsBootstrap
    from lvmodels.composites.fimix import Segments
    from lvmodels.composites.groups import GroupComparison
    from lvmodels.composites.importance import ImportancePerformance
    from lvmodels.composites.necessity import NecessaryConditions
    from lvmodels.composites.pos import PredictionSegments
    from lvmodels.composites.predicted import PlsPrediction
    from lvmodels.composites.summary import PlsSummary


@dataclass(frozen=True, slots=True, eq=False)
class PlsFit(PlsEstimated):
    """A model estimated by partial least squares.

    Frames that relate constructs have the origin of a path in the row and its outcome in the column.
    """

    def fit_measures(self) -> pd.Series[float]:
        """Distance of observed and implied correlations: srmr, d_uls, d_g, for saturated and estimated paths; gof.

        Examples
        --------
        >>> import lvmodels as lv
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> text = "Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; CUSCO ~ Value; Loyalty ~ Value + CUSCO"
        >>> fit = lv.pls(text, mobi)
        >>> fit.fit_measures().loc[["srmr_saturated", "srmr_estimated"]].round(3).tolist()
        [0.043, 0.043]
        """
        from lvmodels.composites.model_fit import fit_measures

        return fit_measures(self)

    def exact_fit(self, n: int = 1000, seed: Any = None, level: float = 0.95) -> pd.DataFrame:
        """Bootstrap test of exact fit (Bollen and Stine 1992; Dijkstra and Henseler 2015).

        Returns
        -------
        DataFrame
            Index srmr, d_uls, d_g (saturated and estimated); columns value, critical (quantile), pvalue.
        """
        from lvmodels.composites.model_fit import exact_fit

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
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> fit = lv.pls("Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; Loyalty ~ Value", mobi)
        >>> fit.bootstrap(200, seed=1)
        <PlsBootstrap: 200 replicates>
        >>> row = fit.estimates().query("op == '~'").iloc[0]
        >>> bool(row["ci_lower"] < row["est"] < row["ci_upper"])
        True
        """
        from lvmodels.composites.bootstrap import bootstrap

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
            Order of the cases, from 0, before they are cut into folds; one, or one for each repetition. Random by
            default.
        technique : {"direct", "earliest"}
            Predict from direct antecedents, or from the first constructs of each chain.
        seed : int, Generator or None

        Returns
        -------
        PlsPrediction
            With frames `items`, `scores`, `metrics` (beside a linear model and the mean), `construct_metrics` and
            `cvpat()`.

        Examples
        --------
        >>> import lvmodels as lv
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> text = "Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; CUSCO ~ Value; Loyalty ~ Value + CUSCO"
        >>> fit = lv.pls(text, mobi)
        >>> found = fit.predict(seed=1)
        >>> found
        <PlsPrediction: 3 items, 10 folds, direct antecedents>
        >>> found.metrics["q2_predict"].round(2).to_dict()
        {'CUSL1': 0.16, 'CUSL3': 0.31, 'CUSCO': 0.12}
        """
        from lvmodels.composites.prediction import predict

        return predict(self, folds, repeats, order, technique, seed)

    def blindfold(self, omission: int = 7) -> pd.DataFrame:
        """Q² of explained constructs by blindfolding: redundancy and communality (Stone 1974; Geisser 1974; Wold 1982).

        Parameters
        ----------
        omission : int
            Every how manieth answer is left out; it must not divide the number of cases.
        """
        from lvmodels.composites.blindfolding import blindfold

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

        Examples
        --------
        >>> import lvmodels as lv
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> text = "Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; CUSCO ~ Value; Loyalty ~ Value + CUSCO"
        >>> fit = lv.pls(text, mobi)
        >>> fit.ipma("Loyalty").constructs.round(2).to_numpy().tolist()  # importance, performance of Value and CUSCO
        [[0.6, 62.37], [0.23, 67.42]]
        """
        from lvmodels.composites.importance import ipma

        return ipma(self, target, minimum, maximum)

    def groups(self, by: str, n: int = 1000, seed: Any = None, executor: Executor | None = None) -> GroupComparison:
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

        Examples
        --------
        >>> import lvmodels as lv
        >>> corp = lv.datasets.load("corp_rep")
        >>> fit = lv.pls("LIKE =~ like_1 + like_2 + like_3; CUSL =~ cusl_1 + cusl_2; CUSL ~ LIKE", corp)
        >>> fit.groups("servicetype", 100, seed=1)
        <GroupComparison: 2 (n = 219), 1 (n = 125)>
        """
        from lvmodels.composites.groups import groups

        return groups(self, by, n, seed, executor)

    def fimix(self, segments: int = 2, starts: int = 10, seed: Any = None) -> Segments:
        """Find segments by a finite mixture of the path model (Hahn et al. 2002).

        Parameters
        ----------
        segments : int
            How many; compare `criteria` of several numbers, one among them.
        starts : int
            Divisions at random to start from; the likeliest end counts.
        seed : int, Generator or None

        Returns
        -------
        Segments
            With `membership`, `assigned`, `sizes`, `paths`, `r2`, `criteria`.

        Raises
        ------
        OptionValueError, NotConvergedError

        Examples
        --------
        >>> import lvmodels as lv
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> text = "Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; CUSCO ~ Value; Loyalty ~ Value + CUSCO"
        >>> fit = lv.pls(text, mobi)
        >>> fit.fimix(2, seed=1)
        <Segments: 2 (60%, 40%), BIC 1297.1>
        """
        from lvmodels.composites.fimix import fimix

        return fimix(self, segments, starts, seed)

    def pos(self, segments: int = 2, starts: int = 3, seed: Any = None) -> PredictionSegments:
        """Find segments by prediction-oriented segmentation (Becker et al. 2013).

        Parameters
        ----------
        segments : int
        starts : int
            Divisions at random to start from; the end with most explained variance counts. It rises with the number of
            segments in any data, so look at sizes and paths, too.
        seed : int, Generator or None

        Returns
        -------
        PredictionSegments
            With `assigned`, `sizes`, `paths`, `r2`, `objective`, `pooled`.

        Raises
        ------
        OptionValueError, NotEstimableError, NotConvergedError
        """
        from lvmodels.composites.pos import pos

        return pos(self, segments, starts, seed)

    def copula(self, n: int = 1000, seed: Any = None) -> pd.DataFrame:
        """Check predictors for endogeneity by Gaussian copulas (Park and Gupta 2012; Becker et al. 2022).

        Parameters
        ----------
        n : int
            Bootstrap replicates behind the errors.
        seed : int, Generator or None

        Returns
        -------
        DataFrame
            Every predictor alone, and all of an outcome together. Columns outcome, predictor, with_copulas_of, path
            (beside the copulas), copula, se, pvalue, normality_pvalue (Anderson and Darling; the check says nothing
            about predictors that may be normal).
        """
        from lvmodels.composites.copula import copula

        return copula(self, n, seed)

    def nca(self, outcome: str | None = None, n: int = 1000, seed: Any = None) -> NecessaryConditions:
        """Necessary condition analysis of the scores (Dul 2016; Richter et al. 2020).

        Parameters
        ----------
        outcome : str, optional
            The last explained construct by default.
        n : int
            Permutations behind the p values.
        seed : int, Generator or None

        Returns
        -------
        NecessaryConditions
            With frames `effects` and `bottlenecks`.
        """
        from lvmodels.composites.necessity import nca

        return nca(self, outcome, n, seed)

    def summary(self) -> PlsSummary:
        """Everything a reader wants first, as a record that prints."""
        from lvmodels.composites.summary import summary

        return summary(self)

    def __repr__(self) -> str:
        state = "converged" if self.converged else "NOT CONVERGED"
        kind = "consistent PLS" if self.settings.consistent else "PLS"
        return f"<PlsFit: {kind}, n = {self.nobs}, {len(self.stage.names)} constructs, {state}>"
