"""Every exception and warning of the package; each message names the place and the remedy.

All exceptions derive from `LvmodelsError` and from the built-in class a caller would expect (`ValueError`,
`TypeError`, ...), so both styles of handling work.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping


class LvmodelsError(Exception):
    """Base class of all errors raised by lvmodels."""


# ---- the model text -------------------------------------------------------------------------------------------------


class ModelError(LvmodelsError, ValueError):
    """The model cannot be used as written."""


class ModelTypeError(ModelError, TypeError):
    """Something other than text was given as a model."""


class ModelSyntaxError(ModelError):
    """The model text does not follow the grammar.

    Parameters
    ----------
    problem : str
        What is wrong, one sentence.
    text : str
        The whole model text.
    line, column : int
        Where, both counted from 1.
    expected : str
        What would have been right there; empty when there is nothing to say.
    """

    def __init__(self, problem: str, text: str, line: int, column: int, expected: str = "") -> None:
        self.problem, self.line, self.column, self.expected = problem, line, column, expected
        lines = text.splitlines() or [""]
        shown = lines[min(line, len(lines)) - 1]
        caret = " " * display_width(shown[: column - 1]) + "^"
        tail = f"\nexpected: {expected}" if expected else ""
        super().__init__(f"line {line}, column {column}: {problem}\n    {shown}\n    {caret}{tail}")


class UnknownVariableError(ModelError):
    """The model names a variable that the data lack."""


class NotEstimableError(ModelError, NotImplementedError):
    """The text is understood, but this version cannot estimate what it asks for."""


class NegativeDegreesOfFreedomError(ModelError):
    """The model has more free parameters than the data have moments."""


class IdentificationError(ModelError):
    """The data cannot tell some parameters apart; they are named in `parameters`."""

    def __init__(self, message: str, parameters: Iterable[str] = ()) -> None:
        self.parameters = tuple(parameters)
        super().__init__(message)


class NonRecursiveError(ModelError):
    """Paths lead from a construct back to itself, where only one direction can be estimated."""


class RepeatedItemError(ModelError):
    """An item measures two constructs, where each item may belong to one."""


class StartingValuesError(ModelError):
    """No starting point with a positive definite implied covariance matrix was found."""


# ---- options --------------------------------------------------------------------------------------------------------


class UnknownOptionError(LvmodelsError, TypeError):
    """A function was given an option it does not have."""


class OptionValueError(LvmodelsError, ValueError):
    """An option was given a value it does not know."""


# ---- data -----------------------------------------------------------------------------------------------------------


class DataError(LvmodelsError, ValueError):
    """The data cannot be used as they are."""


class DataTypeError(DataError, TypeError):
    """An object was given where a data frame or the path of a file is needed."""


class NonNumericError(DataError):
    """A variable that must be numeric holds text."""


class InfiniteValueError(DataError):
    """A variable holds an infinite value."""


class EmptyDataError(DataError):
    """No case is left to analyse."""


class TooFewCasesError(DataError):
    """There are not more cases than variables."""


class ConstantVariableError(DataError):
    """A variable does not vary."""


class NegativeValueError(DataError):
    """A sum of money or a count is below zero where that cannot be."""


class RepeatedCustomerError(DataError):
    """A customer stands in more than one row."""


class UnknownLabelError(DataError):
    """A label is none of those of the classification."""


class FutureDateError(DataError):
    """A date lies in the future."""


class CollinearVariablesError(DataError):
    """Some variables are exact linear combinations of others."""


class SingularBlockError(CollinearVariablesError):
    """The items of a construct whose weights come from a regression are collinear."""


class NotPositiveDefiniteError(DataError):
    """A covariance matrix is not positive definite."""


class SurveyError(DataError):
    """A file of answers does not fit its instrument; `problems` lists every place at once."""

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class MatchingError(SurveyError):
    """Some items have no column of their name or wording, but columns come near.

    Parameters
    ----------
    message : str
        What was read, and what it was held against.
    problems : iterable of str
        Every place at once.
    proposals : mapping of str to str
        Item → the column that comes near; to be looked at before it is passed on as `match`.
    """

    def __init__(self, message: str, problems: Iterable[str] = (), proposals: Mapping[str, str] | None = None) -> None:
        self.proposals = dict(proposals or {})
        pairs = "\n".join(f"        {item!r}: {column!r}," for item, column in self.proposals.items())
        super().__init__(message, problems)
        paste = (
            f"If these are the right columns, write them into the instrument, or pass\n    match={{\n{pairs}\n    }}"
        )
        if self.proposals:
            self.args = (f"{self}\n{paste}",)


class FileFormatError(DataError):
    """A file is empty, or not of a kind that can be read."""


class UnreadableFileError(DataError, OSError):
    """A path is a folder, or a file that may not be opened."""


class MissingFileError(UnreadableFileError, FileNotFoundError):
    """There is no file of that name."""


class InstrumentError(LvmodelsError, ValueError):
    """An instrument file is not valid; `problems` lists every place at once."""

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class FrameworkError(LvmodelsError, ValueError):
    """A framework and what it is put together with do not fit; `problems` lists every place at once."""

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class LanguageError(LvmodelsError, ValueError):
    """An instrument lacks texts in a language; `problems` lists where."""

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class UnknownNameError(LvmodelsError, LookupError):
    """An instrument has no item or construct of that name."""


class UnknownInstrumentError(LvmodelsError, LookupError):
    """There is no shipped instrument of that name."""


class UnknownFrameworkError(LvmodelsError, LookupError):
    """There is no shipped framework of that name."""


class UnknownDatasetError(LvmodelsError, LookupError):
    """There is no shipped data set of that name."""


# ---- results and output ---------------------------------------------------------------------------------------------


class NotConvergedError(LvmodelsError, RuntimeError):
    """A result was asked for that a fit without convergence does not have."""


class MissingPackageError(LvmodelsError, ImportError):
    """An optional package that this needs is not installed."""


class OutputError(LvmodelsError, OSError):
    """A result cannot be written where it was asked for."""


# ---- warnings -------------------------------------------------------------------------------------------------------


class LvmodelsWarning(UserWarning):
    """Base class of all warnings issued by lvmodels."""


class ConvergenceWarning(LvmodelsWarning):
    """The optimiser stopped before it reached a minimum."""


class DroppedRowsWarning(LvmodelsWarning):
    """Cases were left out of the analysis."""


class UnequalVariancesWarning(LvmodelsWarning):
    """The largest observed variance is more than a thousand times the smallest."""


class HeywoodWarning(LvmodelsWarning):
    """A variance is negative, or a latent covariance matrix is not positive definite."""


class BoundaryWarning(LvmodelsWarning):
    """An estimate lies on a bound or an inequality constraint."""


class RankDeficientWarning(LvmodelsWarning):
    """The information matrix is singular at the solution."""


class NaiveErrorsWarning(LvmodelsWarning):
    """Standard errors or a test were asked for that are wrong for the estimator."""


class BootstrapWarning(LvmodelsWarning):
    """Some replicates have no solution."""


class DataWarning(LvmodelsWarning):
    """Something about the data deserves a look."""


class InadmissibleWarning(LvmodelsWarning):
    """A solution cannot be that of any population: a reliability above 1, or correlations beyond 1."""


class IgnoredFormulaWarning(LvmodelsWarning):
    """A formula says something that the method has no parameter for."""


class ComparisonWarning(LvmodelsWarning):
    """Models were compared that may not be nested, or by a test that does not exist for them."""


class FontWarning(LvmodelsWarning):
    """No installed font can show the letters of a figure."""


# ---- wording --------------------------------------------------------------------------------------------------------


def nearest(name: str, names: Iterable[str]) -> str:
    """The sentence "Did you mean 'x'?" for the nearest of `names`, or an empty string.

    Examples
    --------
    >>> nearest("satisfction", ["quality", "satisfaction"])
    "Did you mean 'satisfaction'?"
    """
    known = {str(n).casefold(): str(n) for n in names}
    found = difflib.get_close_matches(str(name).casefold(), known, n=1, cutoff=0.5)
    return f"Did you mean '{known[found[0]]}'?" if found else ""


def display_width(text: str) -> int:
    """Columns that `text` takes in a fixed-width font (East Asian wide characters take two)."""
    import unicodedata

    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
