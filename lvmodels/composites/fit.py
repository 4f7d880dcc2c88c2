"""The result of partial least squares, with doors to everything that is computed from the answers once more."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from lvmodels.composites.estimated import PlsEstimated

if TYPE_CHECKING:
    from lvmodels.composites.bootstrap import PlsBootstrap
    from lvmodels.composites.summary import PlsSummary


@dataclass(frozen=True, slots=True, eq=False)
class PlsFit(PlsEstimated):
    """A model estimated by partial least squares.

    Frames that relate constructs have the origin of a path in the row and its outcome in the column.
    """

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

    def summary(self) -> PlsSummary:
        """Everything a reader wants first, as a record that prints."""
        from lvmodels.composites.summary import summary

        return summary(self)

    def __repr__(self) -> str:
        state = "converged" if self.converged else "NOT CONVERGED"
        kind = "consistent PLS" if self.settings.consistent else "PLS"
        return f"<PlsFit: {kind}, n = {self.nobs}, {len(self.stage.names)} constructs, {state}>"
