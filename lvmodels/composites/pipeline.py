"""The door to partial least squares.

model text -> Declaration -> Stages ┐
                                    ├─ Solutions -> PlsFit
data -> DataMatrix -> Answers ──────┘
"""

from __future__ import annotations

import warnings as python_warnings
from typing import Any, Unpack

from lvmodels.composites.answers import read_answers
from lvmodels.composites.declaration import declare
from lvmodels.composites.estimation import fit_answers
from lvmodels.composites.fit import PlsFit
from lvmodels.composites.options import Missing, PlsOptions, Scheme, settle
from lvmodels.errors import ModelTypeError
from lvmodels.model.syntax import parse_model


def pls(
    model: str,
    data: Any = None,
    scheme: Scheme = "path",
    consistent: bool = False,
    missing: Missing = "mean",
    **options: Unpack[PlsOptions],
) -> PlsFit:
    """Estimate a model by partial least squares (Wold 1982; Lohmöller 1989; Tenenhaus et al. 2005).

    Constructs are weighted sums of their items. ``=~`` is a block of mode A, whose weights are correlations with the
    neighbouring constructs; ``<~`` is one of mode B, whose weights are regression coefficients. With
    ``consistent=True`` blocks written with ``=~`` are treated as common factors: loadings and paths are corrected for
    attenuation. Other programs call different things "reflective"; here the word means that, and only with
    ``consistent=True`` does it change the estimates beyond the mode.

    Parameters
    ----------
    model : str
        The model in the language of `sem`: ``=~``, ``<~``, ``~``, products ``x:z`` and squares ``x:x`` on the right of
        ``~``, labels and ``:=``. A construct may be measured by constructs. An observed variable on a path is a
        construct of one item. Covariances and intercepts are left out, with a warning.
    data : data frame, Survey or path
        Any frame that narwhals knows.
    scheme : {"path", "factorial", "centroid"}
        Inner weights.
    consistent : bool
        Consistent partial least squares (Dijkstra and Henseler 2015).
    missing : {"mean", "casewise", "pairwise"}
        Replace missing answers by the mean of the item, leave the case out, or correlate what is there.
    modes : {"A", "B", "unit"}, or mapping of construct to one of them, optional
        Other modes than the text says; "unit" is the sum score of standardized items.
    metric : {"standardized", "raw"}
        Items with unit variance, or in their own units; constructs have unit variance either way.
    sampling_weights : str, optional
        Column with the weight of each case.
    interaction : {"two_stage", "product_indicator", "orthogonal"}
        Products of scores (Henseler and Fassott 2010), of all items (Chin, Marcolin and Newsted 2003), or of items with
        the items partialled out (Little, Bovaird and Widaman 2006).
    higher_order : {"disjoint", "embedded", "repeated"}
        Two-stage approaches, or repeated indicators (Sarstedt et al. 2019).
    dominant : mapping of construct to item, optional
        The item that must load positively; by default the sum of the loadings is positive.
    max_iterations : int
    tolerance : float
        Largest change of a weight at convergence.
    level : float
        Of intervals.

    Returns
    -------
    PlsFit

    Raises
    ------
    ModelError
        When the model cannot be read, or partial least squares cannot estimate it.
    DataError
        When the data cannot be analysed.
    UnknownOptionError, OptionValueError
        For options, and values of options, that do not exist.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.pls('''
    ...     Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
    ...     Value <~ PERV1 + PERV2
    ...     Satisfaction =~ CUSA1 + CUSA2 + CUSA3
    ...     Satisfaction ~ Image + Value
    ... ''', lv.datasets.load("ecsi_mobi"))
    >>> fit
    <PlsFit: PLS, n = 250, 3 constructs, converged>
    >>> fit.paths()["Satisfaction"].round(3).to_dict()
    {'Image': 0.507, 'Value': 0.355, 'Satisfaction': 0.0}
    """
    if not isinstance(model, str):
        raise ModelTypeError(f"the model is a {type(model).__name__}; pass its text, such as 'F =~ x1 + x2; y ~ F'.")
    settings = settle(scheme, consistent, missing, options)
    declared = declare(parse_model(model), settings)
    latent = tuple(block.name for block in (*declared.blocks, *declared.higher) if block.items != (block.name,))
    answers, _, dropped = read_answers(data, declared.items, latent, settings)
    fit = fit_answers(PlsFit, settings, declared, answers, data, dropped)
    for warning in fit.warnings:
        python_warnings.warn(warning, stacklevel=2)
    return fit
