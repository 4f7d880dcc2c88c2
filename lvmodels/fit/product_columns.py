"""Products of items as columns of the data, centred twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lvmodels.arrays import read_only
from lvmodels.survey.matrix import DataMatrix


def centred_products(matrix: DataMatrix, columns: Sequence[str]) -> DataMatrix:
    """Products of deviations from the mean, again as deviations from their mean (Lin, Wen, Marsh and Lin 2010).

    Means of the items then leave no trace in the products, and the model needs no means.

    Parameters
    ----------
    matrix : DataMatrix
        With the items among its columns.
    columns : sequence of str
        Products such as ``s1:c1``.
    """
    place, Y = {name: k for k, name in enumerate(matrix.names)}, matrix.Y.copy()
    for name in columns:
        parts = [matrix.Y[:, place[part]] for part in name.split(":")]
        found = np.prod([part - np.nanmean(part) for part in parts], axis=0)
        Y[:, place[name]] = found - np.nanmean(found)
    return replace(matrix, Y=read_only(Y))
