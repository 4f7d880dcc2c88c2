"""A framework meets answers: what is missing, and the fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lvmodels.fit.pipeline import sem
from lvmodels.loyalty.frameworks.record import Framework, refuse
from lvmodels.loyalty.frameworks.text import label
from lvmodels.survey.answers import Survey
from lvmodels.survey.files import read_survey

if TYPE_CHECKING:
    from lvmodels.estimate.settings import FitOptions
    from lvmodels.fit.record import Fit


def fit_framework(framework: Framework, data: Any, product: bool, options: FitOptions) -> Fit:
    """Fit a framework to answers, or to its data set of real answers.

    Raises
    ------
    FrameworkError
        When there are no data, or parts have no column.
    """
    survey = checked_answers(framework, data)
    chosen: FitOptions = {"missing": framework.missing, **options}
    return sem(framework.model(product), survey, **chosen)


def checked_answers(framework: Framework, data: Any) -> Survey:
    """The answers that a framework is fitted to, with an instrument so that a report can label constructs.

    Raises
    ------
    FrameworkError
        When there are none, or parts have no column.
    """
    survey = _real_answers(framework) if data is None else _survey(data)
    problems = missing_parts(framework, survey)
    if problems:
        remedy = "give your columns with renamed(), or leave constructs out with without()"
        raise refuse(framework, f"these answers do not hold all of it; {remedy}.", problems)
    return survey if survey.instrument is not None else replace(survey, instrument=framework.instrument)


def missing_parts(framework: Framework, data: Any) -> tuple[str, ...]:
    """What answers lack, a sentence a construct."""
    survey = _survey(data)
    there = {*survey.answers.columns, *survey.respondents.columns}
    found = []
    for construct, items in framework.blocks.items():
        absent = [item for item in items if item not in there]
        name = label(framework, construct)
        if len(absent) == len(items):
            found.append(f"missing construct: {name.lower()} ({construct}: {', '.join(items)})")
        elif absent:
            found.append(f"missing items of {name.lower()} ({construct}): {', '.join(absent)}")
    return tuple(found)


def _survey(data: Any) -> Survey:
    return data if isinstance(data, Survey) else read_survey(data)


def _real_answers(framework: Framework) -> Survey:
    """The data set of a framework, its columns under the names of the framework's items."""
    from lvmodels.survey.instrument import Instrument
    from lvmodels.survey.shipped import data_folder

    if not framework.dataset:
        remedy = "pass data=, or try it on simulated answers: fit(framework.simulate(500, seed=1))"
        raise refuse(framework, f"no data set of real answers ships with it; {remedy}.")
    folder = data_folder() / framework.dataset
    survey = read_survey(folder / "answers.csv", Instrument.load(folder / "instrument.toml"))
    names = {theirs: mine for mine, theirs in framework.dataset_items.items()}
    if not names:
        return survey
    source = f"data set '{framework.dataset}', items renamed to those of the framework"
    answers = survey.answers.rename(columns=names)
    return Survey(answers, survey.respondents, framework.instrument, source, survey.log)
