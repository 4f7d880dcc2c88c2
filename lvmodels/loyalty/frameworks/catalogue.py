"""The catalogue of frameworks: `lv.frameworks["value_loyalty"]`, `.names()`, `.describe()`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from lvmodels.errors import UnknownFrameworkError, nearest
from lvmodels.survey.shipped import data_folder

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.loyalty.frameworks.record import Framework


class Catalogue(Mapping[str, "Framework"]):
    """The shipped frameworks by name, read when asked for.

    Examples
    --------
    >>> import lvmodels as lv
    >>> lv.frameworks["value_loyalty"]
    <Framework value_loyalty: 16 constructs, 48 items, 8 hypotheses>
    >>> "ecsi" in lv.frameworks
    True
    """

    def __getitem__(self, name: str) -> Framework:
        """Return the framework of that name.

        Raises
        ------
        UnknownFrameworkError
            When there is none; the message suggests the nearest.
        """
        if name not in self.names():
            hint = nearest(str(name), self.names()) or f"There are: {', '.join(self.names())}."
            raise UnknownFrameworkError(f"no framework {name!r} ships with lvmodels. {hint}")
        return _read(name)

    def __iter__(self) -> Iterator[str]:
        """Names, in alphabetical order."""
        return iter(self.names())

    def __len__(self) -> int:
        """Number of frameworks."""
        return len(self.names())

    def __contains__(self, name: object) -> bool:
        """Whether there is a framework of that name."""
        return name in self.names()

    def __repr__(self) -> str:
        """Say what it is and what it has."""
        return f"<{len(self)} frameworks: {', '.join(self)}>"

    def names(self) -> tuple[str, ...]:
        """Names of the shipped frameworks, in alphabetical order."""
        return tuple(sorted(file.stem for file in (data_folder() / "frameworks").glob("*.toml")))

    def family(self, name: str) -> dict[str, Framework]:
        """Competing models of the same questions by name, such as the four of "service_encounter".

        Raises
        ------
        UnknownFrameworkError
            When there is no such family.

        Examples
        --------
        >>> import lvmodels as lv
        >>> list(lv.frameworks.family("service_encounter"))
        ['encounter_indirect', 'encounter_research', 'encounter_satisfaction', 'encounter_value']
        """
        found = {each: framework for each, framework in self.items() if framework.family == name}
        if not name or not found:
            known = sorted({framework.family for framework in self.values()} - {""})
            raise UnknownFrameworkError(f"no frameworks of a family {name!r}; there are: {', '.join(known)}.")
        return found

    def describe(self) -> pd.DataFrame:
        """Every framework on a row, under its name.

        Returns
        -------
        pandas.DataFrame
            Index: name. Columns: title, constructs, items, hypotheses (numbers), dataset ("" without), source.
        """
        import pandas as pd

        found = list(self.values())
        return pd.DataFrame(
            {
                "title": [framework.title["en"] for framework in found],
                "constructs": [len(framework.constructs) for framework in found],
                "items": [len(framework.items) for framework in found],
                "hypotheses": [len(framework.hypotheses) for framework in found],
                "dataset": [framework.dataset for framework in found],
                "source": [framework.source for framework in found],
            },
            index=pd.Index(list(self), name="name"),
        )


@cache
def _read(name: str) -> Framework:
    from lvmodels.loyalty.frameworks.reading import read_framework

    return read_framework(data_folder() / "frameworks" / f"{name}.toml")


frameworks = Catalogue()
"""The shipped frameworks."""
