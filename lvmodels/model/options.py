"""Automatic settings: which parameters a model receives without being asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What `build_table` adds to the written model.

    The field names are those of the public options; `sem`, `cfa`, `growth` and `lavaan` differ in nothing else.

    Attributes
    ----------
    meanstructure : bool
        Whether intercepts are part of the model.
    fixed_x : bool
        Whether the moments of exogenous observed covariates stay at their sample values.
    ordered : tuple of (str, int)
        Ordinal variables with their numbers of categories.
    parameterization : {"delta", "theta"}
        Whether scale factors or residual variances of ordinal variables are parameters.
    conditional_x : bool
        Whether all moments are given the covariates.
    id_cat : {"mplus", "wu.estabrook.2016"}
        What equal thresholds free in later groups.
    auxiliary : tuple of str
        Variables outside the model that correlate with all others.
    orthogonal_blocks : bool
        Whether factors of an exploratory block are uncorrelated.
    """

    meanstructure: bool = False
    fixed_x: bool = True
    std_lv: bool = False
    orthogonal: bool = False
    auto_var: bool = True
    auto_fix_first: bool = True
    auto_fix_single: bool = True
    auto_cov_lv_x: bool = True
    auto_cov_y: bool = True
    int_ov_free: bool = True
    int_lv_free: bool = False
    group_equal: tuple[str, ...] = ()
    group_partial: tuple[str, ...] = ()
    bounds: str = "none"
    ordered: tuple[tuple[str, int], ...] = ()
    parameterization: str = "delta"
    conditional_x: bool = False
    id_cat: str = "mplus"
    auto_th: bool = True
    auto_delta: bool = True
    auxiliary: tuple[str, ...] = ()
    orthogonal_blocks: bool = False
