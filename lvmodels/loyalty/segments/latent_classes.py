"""Segments found in the data: a finite mixture on scores of constructs, its number of classes by BIC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from lvmodels.errors import OptionValueError, TooFewCasesError
from lvmodels.estimate.choices import seed_sequence
from lvmodels.loyalty.segments.normal_mixture import Array, Mixture, Shape, fit_mixture, n_parameters
from lvmodels.loyalty.segments.record import Classification, classified
from lvmodels.loyalty.segments.roles import read_roles, refuse_constant

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LatentClasses", "latent_classes"]

_SHAPES: tuple[Shape, ...] = get_args(Shape)


@dataclass(frozen=True, slots=True, eq=False)
class LatentClasses:
    """Classes of a finite mixture.

    Attributes
    ----------
    classes : Classification
        Labels "1", "2", ... (the largest class first) by the highest posterior probability, with profile and tests.
    posterior : DataFrame, shape (n, K)
        Probability of each class for each customer; NaN where a score is missing.
    entropy : float
        1 - (sum of -p log p) / (n log K): 1 when each customer surely belongs to one class; NaN for one class.
    means : DataFrame, shape (K, p)
        In the units of the scores.
    covariances : tuple of DataFrame, K of shape (p, p)
    shares : Series
    criteria : DataFrame
        A row a model tried: classes, shape, log_likelihood, n_parameters, bic, aic, icl (BIC and twice the entropy
        sum), settled (whether EM came to rest). Smaller is better.
    shape : str
        Of the model chosen.
    """

    classes: Classification
    posterior: pd.DataFrame
    entropy: float
    means: pd.DataFrame
    covariances: tuple[pd.DataFrame, ...]
    shares: pd.Series[float]
    criteria: pd.DataFrame
    shape: str

    @property
    def labels(self) -> pd.Series[Any]:
        """The most probable class of every customer."""
        return self.classes.labels

    @property
    def profile(self) -> pd.DataFrame:
        """Size and means of the classes."""
        return self.classes.profile

    @property
    def log(self) -> tuple[str, ...]:
        """What was done."""
        return self.classes.log

    def __repr__(self) -> str:
        shares = ", ".join(f"{share:.0%}" for share in self.shares)
        return f"<LatentClasses: {len(self.shares)} ({shares}), entropy {self.entropy:.2f}>"


def latent_classes(
    data: Any,
    scores: Sequence[str],
    *,
    classes: int | Sequence[int] = (1, 2, 3, 4, 5, 6),
    shape: Shape | Sequence[Shape] = _SHAPES,
    starts: int = 20,
    seed: Any = 1,
    customer: str | None = None,
    describe: Sequence[str] = (),
) -> LatentClasses:
    """Find segments by a mixture of normal distributions, and choose their number by BIC.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer, for example `fit.scores()`.
    scores : sequence of str
        Columns with scores of constructs.
    classes : int or sequence of int
        Numbers of classes to try.
    shape : {"diagonal", "equal", "full"} or several
        Covariances within classes: none, one for all classes, or one a class.
    starts : int
        Random starts of each model.
    seed : int, SeedSequence or Generator
        The same seed gives the same classes, whatever the order of the rows.
    customer, describe
        As in `attitude_behaviour`.

    Returns
    -------
    LatentClasses

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError
    ConstantVariableError
        When a score does not vary.
    TooFewCasesError
        When complete customers are fewer than the numbers to be estimated.

    References
    ----------
    McLachlan, G. and Peel, D. (2000). *Finite mixture models*. Wiley. Schwarz, G. (1978). *Annals of Statistics*, 6(2),
    461-464 (BIC). Celeux, G. and Soromenho, G. (1996). *Journal of Classification*, 13(2), 195-212 (entropy).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> y = np.r_[rng.normal(0, 1, 120), rng.normal(6, 1, 60)]
    >>> found = latent_classes(pd.DataFrame({"LOY": y}), ["LOY"], classes=[1, 2, 3])
    >>> found.profile["n"].tolist()
    [120, 60]
    """
    import pandas as pd

    ks, shapes = _tried(classes, shape, starts)
    if isinstance(scores, str) or not len(scores) or len(set(scores)) < len(scores):
        raise OptionValueError(f"scores={scores!r} must be a list of different columns.")
    roles = read_roles(data, {name: name for name in scores}, customer)
    for name in scores:
        refuse_constant(name, roles.values[name])
    known = np.flatnonzero(~roles.missing)
    raw = np.column_stack([roles.values[name] for name in scores])[known]
    order = np.lexsort(raw.T[::-1])  # so that the seed means the same in any order of rows
    raw, known = raw[order], known[order]
    centre, spread = raw.mean(axis=0), raw.std(axis=0)
    if (spread == 0.0).any():
        refuse_constant(str(scores[int(np.flatnonzero(spread == 0.0)[0])]), raw[:, spread == 0.0][:, 0])
    Y = (raw - centre) / spread
    models, criteria = _try_all(Y, ks, shapes, starts, seed, float(np.log(spread).sum()))
    best = int(criteria["bic"].to_numpy().argmin())
    mixture, chosen = models[best], str(criteria["shape"].iloc[best])
    names = [str(k + 1) for k in range(len(mixture.pi))]
    posterior = np.full((len(roles.index), len(names)), np.nan)
    posterior[known] = mixture.posterior
    codes = np.full(len(roles.index), -1, dtype=np.intp)
    codes[known] = mixture.posterior.argmax(axis=1)
    log = [*roles.said_missing(), *_said(criteria, best)]
    covariances = mixture.Sigma * np.outer(spread, spread)
    return LatentClasses(
        classes=classified("latent_classes", "classes", names, codes, roles, describe, log=log),
        posterior=pd.DataFrame(posterior, index=roles.index, columns=names),
        entropy=_entropy(mixture),
        means=pd.DataFrame(mixture.mu * spread + centre, index=names, columns=list(scores)),
        covariances=tuple(pd.DataFrame(S, index=list(scores), columns=list(scores)) for S in covariances),
        shares=pd.Series(mixture.pi, index=names),
        criteria=criteria,
        shape=chosen,
    )


def _tried(classes: int | Sequence[int], shape: Shape | Sequence[Shape], starts: int) -> tuple[list[int], list[Shape]]:
    ks = [classes] if isinstance(classes, int) else list(classes)
    shapes: list[Shape] = [shape] if isinstance(shape, str) else list(shape)
    if not ks or any(int(k) != k or k < 1 for k in ks):
        raise OptionValueError(f"classes={classes!r} must be one or more whole numbers from 1.")
    if not shapes or any(one not in _SHAPES for one in shapes):
        raise OptionValueError(f"shape={shape!r} must be among {', '.join(_SHAPES)}.")
    if starts < 1:
        raise OptionValueError(f"starts={starts!r} must be 1 or more.")
    return sorted({int(k) for k in ks}), shapes


def _try_all(
    Y: Array, ks: list[int], shapes: list[Shape], starts: int, seed: Any, log_spread: float
) -> tuple[list[Mixture], pd.DataFrame]:
    """All models that the cases allow; likelihoods in the units of the scores."""
    import pandas as pd

    n, p = Y.shape
    wanted = [(k, shape) for k in ks for shape in shapes if k > 1 or shape == _one_class(shapes)]
    plans = [(k, shape) for k, shape in wanted if n_parameters(k, p, shape) < n]
    if not plans:
        raise TooFewCasesError(
            f"{n} customers with all scores are too few for {ks[0]} classes of {p} scores; give fewer of these."
        )
    streams = seed_sequence(seed).spawn(len(plans))
    models, rows = [], []
    for (k, shape), stream in zip(plans, streams, strict=True):
        found = fit_mixture(Y, k, shape, starts, np.random.default_rng(stream))
        free = n_parameters(k, p, shape)
        llf = found.log_likelihood - n * log_spread
        bic = -2.0 * llf + free * np.log(n)
        models.append(found)
        rows.append((k, shape, llf, free, bic, -2.0 * llf + 2.0 * free, bic + 2.0 * _uncertainty(found), found.settled))
    names = ["classes", "shape", "log_likelihood", "n_parameters", "bic", "aic", "icl", "settled"]
    return models, pd.DataFrame(rows, columns=names)


def _one_class(shapes: list[Shape]) -> Shape:
    """One class is tried once: with correlations where any shape has them."""
    return next((shape for shape in shapes if shape != "diagonal"), "diagonal")


def _uncertainty(mixture: Mixture) -> float:
    p = np.clip(mixture.posterior, 1e-300, 1.0)
    return float(-(p * np.log(p)).sum())


def _entropy(mixture: Mixture) -> float:
    n, K = mixture.posterior.shape
    return 1.0 - _uncertainty(mixture) / (n * float(np.log(K))) if K > 1 else float("nan")


def _said(criteria: pd.DataFrame, best: int) -> list[str]:
    row = criteria.iloc[best]
    log = [f"BIC chooses {row['classes']} classes ({row['shape']} covariances) among {len(criteria)} models."]
    if row["classes"] == 1:
        log.append("One class describes the customers best: there are no segments in these scores.")
    elif row["classes"] == criteria["classes"].max() and criteria["classes"].nunique() > 1:
        log.append("The best number is the largest that was tried; try more classes.")
    if not row["settled"]:
        log.append("EM had not come to rest when it was stopped.")
    return log
