"""Doors to what the estimates say: parameters, scores, reliability, validity, effects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lvmodels.composites.record import PlsRecord
from lvmodels.estimate.choices import level_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class PlsEstimated(PlsRecord):
    """A model estimated by partial least squares, with its tables."""

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
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> fit = lv.pls("Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; Loyalty ~ Value", mobi)
        >>> fit.estimates().query("op == '~'")[["lhs", "op", "rhs", "est"]].round(3).values.tolist()
        [['Loyalty', '~', 'Value', 0.521]]
        """
        from lvmodels.composites.estimates import estimates

        return estimates(self, level_of(level, self.settings.level))

    def paths(self, kind: Literal["default", "standardized", "unstandardized"] = "default") -> pd.DataFrame:
        """Path coefficients, origin in the row and outcome in the column, 0 where there is no path.

        Parameters
        ----------
        kind : {"default", "standardized", "unstandardized"}
            Constructs with unit variance, products on the scale of the product; all with unit variance; constructs in
            the units of their items (weights scaled to sum to 1).
        """
        from lvmodels.composites.estimates import paths

        return paths(self, kind)

    def loadings(self) -> pd.DataFrame:
        """Items × constructs; 0 where an item does not measure a construct."""
        from lvmodels.composites.estimates import by_item

        return by_item(self, "=~")

    def weights(self) -> pd.DataFrame:
        """Outer weights, items × constructs; scores have unit variance."""
        from lvmodels.composites.estimates import by_item

        return by_item(self, "<~")

    def cross_loadings(self) -> pd.DataFrame:
        """Correlations of every item with every score."""
        from lvmodels.composites.estimates import cross_loadings

        return cross_loadings(self)

    def correlations(self, kind: Literal["constructs", "scores"] = "constructs") -> pd.DataFrame:
        """Correlations of constructs (with consistent estimation corrected for attenuation), or of their scores."""
        from lvmodels.composites.estimates import correlations

        return correlations(self, kind)

    def scores(self, kind: Literal["standardized", "unstandardized"] = "standardized") -> pd.DataFrame:
        """Scores of constructs, a row a case; the index is the row of the data.

        Parameters
        ----------
        kind : {"standardized", "unstandardized"}
            Mean 0 and variance 1 (products keep the variance of the product); or weighted means of the items as they
            were answered.
        """
        from lvmodels.composites.estimates import scores

        return scores(self, kind)

    def r2(self, adjusted: bool = False) -> pd.Series[float]:
        """Share of variance explained, of every construct that something explains."""
        from lvmodels.composites.estimates import r2

        return r2(self, adjusted)

    def criteria(self) -> pd.DataFrame:
        """Information criteria of every explained construct, for models with the same constructs (Sharma et al. 2019).

        Returns
        -------
        DataFrame
            Index: construct. Columns aic, aicc, bic, hq; smaller is better.
        """
        from lvmodels.composites.estimates import criteria

        return criteria(self)

    def f2(self, method: Literal["refit", "scores"] = "refit") -> pd.DataFrame:
        """Effect sizes of paths, (R² with − R² without the path) / (1 − R² with it) (Cohen 1988).

        Parameters
        ----------
        method : {"refit", "scores"}
            Estimate the model again without the path (Hair et al. 2022), or keep the scores as they are.
        """
        from lvmodels.composites.effect_sizes import f2

        return f2(self, method)

    def vif(self, kind: Literal["constructs", "items"] = "constructs") -> pd.DataFrame | pd.Series[float]:
        """Variance inflation of predecessors (frame, by outcome) or of items within their block (series).

        Outcomes with a single predecessor are NaN throughout; scores are as they are, not corrected for attenuation.
        """
        from lvmodels.composites.quality import vif

        return vif(self, kind)

    def reliability(self) -> pd.DataFrame:
        """By construct: alpha, rho_a, composite_reliability (rho_c), ave.

        Sources: Cronbach (1951); Dijkstra and Henseler (2015); Jöreskog (1971); Fornell and Larcker (1981).
        Constructs of mode B, and those of one item, have rho_a 1 by convention.

        Examples
        --------
        >>> import lvmodels as lv
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> text = "Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; CUSCO ~ Value; Loyalty ~ Value + CUSCO"
        >>> fit = lv.pls(text, mobi)
        >>> fit.reliability().loc["Value"].round(3).to_dict()
        {'alpha': 0.824, 'rho_a': 0.858, 'composite_reliability': 0.918, 'ave': 0.848}
        """
        from lvmodels.composites.quality import reliability

        return reliability(self)

    def communality(self) -> pd.Series[float]:
        """Squared loading of every item; the index is (construct, item)."""
        from lvmodels.composites.quality import communality

        return communality(self)

    def redundancy(self) -> pd.Series[float]:
        """Communality times R² for items of explained constructs (Tenenhaus et al. 2005); index (construct, item)."""
        from lvmodels.composites.quality import redundancy

        return redundancy(self)

    def htmt(self, kind: Literal["arithmetic", "geometric", "absolute"] = "arithmetic") -> pd.DataFrame:
        """Heterotrait-monotrait ratios of correlations (Henseler et al. 2015; Roemer et al. 2021), lower triangle."""
        from lvmodels.composites.quality import htmt

        return htmt(self, kind)

    def fornell_larcker(self, kind: Literal["constructs", "scores"] = "constructs") -> pd.DataFrame:
        """Correlations with √AVE in the diagonal, lower triangle (Fornell and Larcker 1981)."""
        from lvmodels.composites.quality import fornell_larcker

        return fornell_larcker(self, kind)

    def effects(self, level: float | None = None) -> pd.DataFrame:
        """Direct, indirect and total effects, with errors and intervals from the latest bootstrap if there is one.

        Returns
        -------
        DataFrame
            Columns outcome, predictor, effect ("direct", "indirect", "total"), est, se, z, pvalue, ci_lower, ci_upper,
            std_all.

        Examples
        --------
        >>> import lvmodels as lv
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> text = "Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; CUSCO ~ Value; Loyalty ~ Value + CUSCO"
        >>> fit = lv.pls(text, mobi)
        >>> fit.effects().query("outcome == 'Loyalty' and predictor == 'Value'")["est"].round(3).tolist()
        [0.432, 0.09, 0.522]
        """
        from lvmodels.composites.effects import effects

        return effects(self, level_of(level, self.settings.level))

    def total_effects(self) -> pd.DataFrame:
        """Direct plus indirect effects, origin in the row and outcome in the column."""
        from lvmodels.composites.effects import total_effects_frame

        return total_effects_frame(self)

    def indirect_effects(self) -> pd.DataFrame:
        """Total less direct effects."""
        from lvmodels.composites.effects import indirect_effects_frame

        return indirect_effects_frame(self)

    def specific_effects(self, level: float | None = None) -> pd.DataFrame:
        """Every chain of two or more paths.

        Returns
        -------
        DataFrame
            Columns outcome, predictor, through, est, and as in `effects`.
        """
        from lvmodels.composites.effects import tested

        return tested(self, "specific_effects", level_of(level, self.settings.level))

    def mediation(self, level: float | None = None) -> pd.DataFrame:
        """Type of mediation for every pair with indirect effects (Zhao, Lynch and Chen 2010); needs a bootstrap."""
        from lvmodels.composites.effects import mediation

        return mediation(self, level_of(level, self.settings.level))

    def slopes(self, at: tuple[float, ...] = (-1.0, 0.0, 1.0)) -> pd.DataFrame:
        """Slope of each moderated path at values of the moderator, in standard deviations (Aiken and West 1991).

        Examples
        --------
        >>> import lvmodels as lv
        >>> mobi = lv.datasets.load("ecsi_mobi")
        >>> text = "Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3; CUSCO ~ Value; Loyalty ~ Value + CUSCO"
        >>> fit = lv.pls(text, mobi)
        >>> moderated = lv.pls(text + " + Value:CUSCO", mobi)
        >>> moderated.slopes((-1.0, 1.0)).query("predictor == 'Value'")["est"].round(2).tolist()
        [0.39, 0.48]
        """
        from lvmodels.composites.effects import slopes

        return slopes(self, at)
