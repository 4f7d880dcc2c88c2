"""A model text made ready for estimation, kept for the next fit of the same text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lvmodels.model.matrices import Template, build_template
from lvmodels.model.options import TableOptions
from lvmodels.model.records import ModelText
from lvmodels.model.restrictions import Restrictions, restrictions_of
from lvmodels.model.syntax import parse_model
from lvmodels.model.table import ParameterTable, build_table


@dataclass(frozen=True, slots=True, eq=False)
class Specification:
    """Everything about a model that does not depend on the data.

    Attributes
    ----------
    text : ModelText
    table : ParameterTable
    template : Template
    restrictions : Restrictions
    """

    text: ModelText
    table: ParameterTable
    template: Template
    restrictions: Restrictions


@lru_cache(maxsize=128)
def specify(text: str, options: TableOptions, group_labels: tuple[str, ...] = ("",)) -> Specification:
    """Parse a model text and build its table, template and restrictions.

    Parameters
    ----------
    text : str
    options : TableOptions
    group_labels : tuple of str

    Examples
    --------
    >>> specify("f =~ x1 + x2 + x3", TableOptions()).template.latent
    ('f',)
    """
    parsed = parse_model(text)
    table = build_table(parsed, options, group_labels)
    return Specification(parsed, table, build_template(table), restrictions_of(table))
