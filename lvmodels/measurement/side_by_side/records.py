"""What a method says of a model, and what is found when methods are held against one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["METHODS", "Comparison", "Estimated", "Finding", "Method", "Pair"]

Pair = tuple[str, str]
Method = Literal["cbsem", "pls", "plsc", "sums", "semopy"]
METHODS: tuple[Method, ...] = ("cbsem", "pls", "plsc", "sums", "semopy")


@dataclass(frozen=True, slots=True)
class Estimated:
    """Standardized estimates of one method.

    Attributes
    ----------
    paths : mapping of (outcome, predictor) to float
    loadings : mapping of (construct, item) to float
    r2 : mapping of construct to float
    reliability : mapping of construct to float
        Of what the method takes for the construct; single items and composites have none.
    """

    paths: Mapping[Pair, float]
    loadings: Mapping[Pair, float]
    r2: Mapping[str, float]
    reliability: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence to be written: its key in the report's wording, and what fills its gaps.

    Attributes
    ----------
    key : str
    values : mapping of str to str, int or float
    """

    key: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every method that could estimate the model.

    Attributes
    ----------
    estimator : str
        Of the covariance-based model, as its settings name it.
    nobs : int
        Cases, the same for every method.
    methods : mapping of method to Estimated
        In the order of `METHODS`.
    paths, loadings : tuple of (str, str)
        All of them, in the order of the model: (outcome, predictor) and (construct, item).
    constructs : tuple of str
        Measured ones, in the order of the model.
    findings : tuple of Finding
    """

    estimator: str
    nobs: int
    methods: Mapping[Method, Estimated]
    paths: tuple[Pair, ...]
    loadings: tuple[Pair, ...]
    constructs: tuple[str, ...]
    findings: tuple[Finding, ...]
