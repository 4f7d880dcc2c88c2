"""A framework: what is measured by what, what is expected to lead to what, and who said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Unpack

from lvmodels.errors import FrameworkError

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.estimate.settings import FitOptions
    from lvmodels.fit.record import Fit
    from lvmodels.survey.answers import Survey
    from lvmodels.survey.instrument import Instrument, Item, Language

Sign = Literal["+", "-"]
Blocks = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One expected path.

    Attributes
    ----------
    name : str
        H1, H2, ...
    outcome, predictor : str
        Constructs; the predictor may be a product, as in "Satisfaction:SwitchingCost".
    sign : {"+", "-"}
        The expected sign.
    value : float
        The standardized effect in the simulated population: chosen for the simulation, not found by anybody.
    source : str
        Who argued for it.
    """

    name: str
    outcome: str
    predictor: str
    sign: Sign
    value: float
    source: str

    @property
    def path(self) -> str:
        """As it stands in the model text."""
        return f"{self.outcome} ~ {self.predictor}"

    @property
    def factors(self) -> tuple[str, ...]:
        """The constructs on the right: one, or the two of a product."""
        return tuple(self.predictor.split(":"))


@dataclass(frozen=True, slots=True, repr=False)
class Framework:
    """A model known by name, with everything that is needed to use it.

    Attributes
    ----------
    name, source, family : str
        Short name; literature; what competing models have in common.
    title, description : mapping of str to str
        Language ("en", "zh") → words.
    instrument : Instrument
        The questions that measure its constructs, from the shipped instruments.
    blocks : mapping of str to tuple of str
        Construct → its items.
    second_order : mapping of str to tuple of str
        Construct → the constructs that reflect it.
    composites : mapping of str to tuple of str
        Construct → the constructs that form it, without a remainder.
    hypotheses : tuple of Hypothesis
    dataset : str
        Name of the shipped data set of real answers, "" where there is none.
    dataset_items : mapping of str to str
        Item → its name in that data set, where it differs.
    missing : str
        What `fit` does with missing answers unless told otherwise.
    asked_if : mapping of str to (str, int, int)
        Item → another item, and the lowest and highest answer to it after which the first is asked.
    raters : int
        Persons whose answers are averaged into a row; 1 where a row is a person.
    """

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    source: str
    instrument: Instrument
    blocks: Blocks
    second_order: Blocks
    composites: Blocks
    hypotheses: tuple[Hypothesis, ...]
    dataset: str = ""
    dataset_items: Mapping[str, str] = field(default_factory=dict)
    missing: Literal["listwise", "fiml"] = "listwise"
    family: str = ""
    asked_if: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    raters: int = 1

    @property
    def text(self) -> str:
        """The model text, products of latent variables included."""
        return self.model()

    @property
    def constructs(self) -> tuple[str, ...]:
        """All constructs: those with items, then those of higher order."""
        return (*self.blocks, *self.second_order, *self.composites)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items that the model uses."""
        used = {item for items in self.blocks.values() for item in items}
        return tuple(item for item in self.instrument.items if item.name in used)

    def model(self, product: bool = True) -> str:
        """The model text.

        Parameters
        ----------
        product : bool
            Whether products of latent variables take part; without them the linear model is left.

        Examples
        --------
        >>> import lvmodels as lv
        >>> print(lv.frameworks["loyalty_chain"].model().split("# structure")[1].strip())
        AffectiveLoyalty ~ CognitiveLoyalty
        ConativeLoyalty ~ AffectiveLoyalty
        ActionLoyalty ~ ConativeLoyalty
        """
        from lvmodels.loyalty.frameworks.text import model_text

        return model_text(self, product)

    def label(self, construct: str, language: Language = "en") -> str:
        """What a construct is called: as in the instrument, or its name as words."""
        from lvmodels.loyalty.frameworks.text import label

        return label(self, construct, language)

    def simulate(self, n: int = 500, seed: Any = None) -> Survey:
        """Answers of n simulated respondents to the instrument, from the stated population.

        Parameters
        ----------
        n : int
            Rows.
        seed : int, Generator or None
            The same seed gives the same answers.

        Returns
        -------
        Survey
            Codes on the scales of the instrument, reverse-keyed items as they would be answered.

        Raises
        ------
        OptionValueError
            When n is not a positive number.

        Examples
        --------
        >>> import lvmodels as lv
        >>> lv.frameworks["scsb"].simulate(200, seed=1).answers.shape
        (200, 10)
        """
        from lvmodels.loyalty.frameworks.population import simulate

        return simulate(self, n, seed)

    def population(self) -> pd.DataFrame:
        """The standardized values behind `simulate`: columns lhs, op, rhs, value."""
        from lvmodels.loyalty.frameworks.population import population_values

        return population_values(self)

    def fit(self, data: Any = None, product: bool = True, **options: Unpack[FitOptions]) -> Fit:
        """Fit the framework to answers.

        Parameters
        ----------
        data : Survey, data frame or path, optional
            Answers to the items. None: the shipped data set of real answers, where there is one.
        product : bool
            As in `model`.
        **options
            Those of `lvmodels.sem`.

        Returns
        -------
        Fit

        Raises
        ------
        FrameworkError
            When there are no data, or when items of the framework have no column; it names the missing constructs.
        ModelError, DataError
            As in `lvmodels.sem`.

        Examples
        --------
        >>> import lvmodels as lv
        >>> framework = lv.frameworks["loyalty_chain"]
        >>> framework.fit(framework.simulate(300, seed=1)).converged
        True
        """
        from lvmodels.loyalty.frameworks.fitting import fit_framework

        return fit_framework(self, data, product, options)

    def check(self, data: Any) -> tuple[str, ...]:
        """What answers lack for this framework, a sentence a construct; empty when nothing is missing.

        Examples
        --------
        >>> import lvmodels as lv
        >>> framework = lv.frameworks["online_loyalty"]
        >>> answers = framework.simulate(20, seed=1).answers
        >>> framework.check(answers.drop(columns=["OSW1", "OSW2", "OSW3"]))
        ('missing construct: switching cost (SwitchingCost: OSW1, OSW2, OSW3)',)
        """
        from lvmodels.loyalty.frameworks.fitting import missing_parts

        return missing_parts(self, data)

    def without(self, *constructs: str) -> Framework:
        """The framework without some constructs: their items, their paths and products go with them.

        Raises
        ------
        FrameworkError
            When there is no such construct, or nothing is left.

        Examples
        --------
        >>> import lvmodels as lv
        >>> [h.name for h in lv.frameworks["online_loyalty"].without("SwitchingCost").hypotheses]
        ['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'H7']
        """
        from lvmodels.loyalty.frameworks.editing import without

        return without(self, constructs)

    def joined(self, other: Framework, name: str = "") -> Framework:
        """Both frameworks in one: constructs of the same name are one construct, and so are paths.

        Raises
        ------
        FrameworkError
            When a construct of that name has other items in the other framework.
        """
        from lvmodels.loyalty.frameworks.editing import joined

        return joined(self, other, name)

    def renamed(self, mapping: Mapping[str, Any]) -> Framework:
        r"""The framework with the names of one's own items and constructs.

        Parameters
        ----------
        mapping : mapping of str to str or sequence of str
            An item or construct → its new name; or a construct → the items that measure it from now on (a construct
            of higher order is then measured by them directly, and its parts go).

        Raises
        ------
        FrameworkError
            When a name is not in the framework, or a new one stands twice.

        Examples
        --------
        >>> import lvmodels as lv
        >>> mine = lv.frameworks["loyalty_chain"].renamed({"ActionLoyalty": ["q7", "q8"], "COG1": "q1"})
        >>> print(mine.text.splitlines()[1], "...", mine.text.splitlines()[4], sep="\n")
        CognitiveLoyalty =~ q1 + COG2 + COG3 + COG4
        ...
        ActionLoyalty =~ q7 + q8
        """
        from lvmodels.loyalty.frameworks.editing import renamed

        return renamed(self, mapping)

    def diagram(self, path: str | Path) -> tuple[Path, ...]:
        """Draw the framework with the expected signs; returns the files: SVG, PDF and PNG, or the ending of `path`.

        Raises
        ------
        OutputError
            When a file cannot be written.
        """
        from lvmodels.report.framework_diagram import draw_framework

        return draw_framework(self, path)

    def __repr__(self) -> str:
        """Name, constructs, items, hypotheses."""
        return (
            f"<Framework {self.name}: {len(self.constructs)} constructs, {len(self.items)} items, "
            f"{len(self.hypotheses)} hypotheses>"
        )


def refuse(framework: Framework, says: str, problems: tuple[str, ...] = ()) -> FrameworkError:
    """An error about a framework, to be raised."""
    return FrameworkError(f"framework '{framework.name}': {says}", problems)
