"""Every index against its published definition, worked by hand in the comments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from lvmodels.survey.screening.columns import relative_speed, seconds, seconds_per_item
from lvmodels.survey.screening.distance import distance_pvalue, mahalanobis, make_ellipsoid
from lvmodels.survey.screening.duplicates import answer_groups, others_alike, repeats, row_keys
from lvmodels.survey.screening.moments import item_moments
from lvmodels.survey.screening.runs import average_longest_run, longest_run
from lvmodels.survey.screening.within import (
    even_odd,
    pair_correlation,
    pair_matrix,
    pair_sets,
    person_total,
    response_variability,
)

NAN = float("nan")


def person(*answers: float) -> np.ndarray:
    """One respondent, in the shape (items, respondents)."""
    return np.array([answers], dtype=float).T


def one(found: np.ndarray) -> float:
    assert found.shape == (1,)
    return float(found[0])


# ---- straight lines (Johnson 2005; Meade and Craig 2012; Dunn et al. 2018) ------------------------------------------


@pytest.mark.parametrize(
    ("answers", "longest"),
    [
        ((1, 2, 3, 4), 1),
        ((4, 4, 4, 4), 4),
        ((1, 1, 2, 2, 2, 1), 3),  # runs of 2, 3, 1
        ((3, 3, NAN, 3), 2),  # a gap ends the run: 2, 1
        ((NAN, 5, 5, NAN), 2),
    ],
)
def test_longest_run(answers: tuple[float, ...], longest: int) -> None:
    assert one(longest_run(person(*answers))) == longest


def test_nobody_has_a_run_without_answers() -> None:
    assert np.isnan(one(longest_run(person(NAN, NAN))))


def test_a_run_ends_where_another_answer_scale_begins() -> None:
    breaks = np.array([False, False, True, False])
    assert one(longest_run(person(2, 2, 2, 2), breaks)) == 2


def test_average_run_is_the_mean_of_the_longest_run_of_each_page() -> None:
    # page one 5 5 1: longest 2; page two 1 1 1 1: longest 4 (the 1 before it is on another page); page three unanswered
    pages = [np.arange(3), np.arange(3, 7), np.array([7])]
    assert one(average_longest_run(person(5, 5, 1, 1, 1, 1, 1, NAN), pages)) == 3


def test_variability_is_the_standard_deviation_over_the_items() -> None:
    # mean 40 / 8 = 5; squares 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32; 32 / 7 = 4.571429; root 2.138090
    assert one(response_variability(person(2, 4, 4, 4, 5, 5, 7, 9))) == pytest.approx(2.138090, abs=1e-6)


def test_variability_passes_over_gaps() -> None:
    # 1 and 3: mean 2, squares 1 + 1, divided by 1: root 1.414214
    assert one(response_variability(person(1, NAN, 3))) == pytest.approx(1.414214, abs=1e-6)
    assert np.isnan(one(response_variability(person(1, NAN, NAN))))


# ---- consistency (Jackson 1977, after Johnson 2005; Meade and Craig 2012) -------------------------------------------

SCALES = [np.array([0, 1, 2, 3]), np.array([4, 5]), np.array([6, 7, 8])]


def test_even_odd_consistency() -> None:
    # scale 1: items 4 2 5 3: odd (4 + 5) / 2 = 4.5, even (2 + 3) / 2 = 2.5
    # scale 2: items 2 1:     odd 2,                  even 1
    # scale 3: items 3 4 1:   odd (3 + 1) / 2 = 2,    even 4
    # odd 4.5 2 2, mean 17/6, deviations 10/6 -5/6 -5/6, squares 150/36
    # even 2.5 1 4, mean 2.5, deviations 0 -1.5 1.5, squares 4.5; products 0 + 7.5/6 - 7.5/6 = 0: r = 0
    assert one(even_odd(person(4, 2, 5, 3, 2, 1, 3, 4, 1), SCALES)) == pytest.approx(0, abs=1e-12)
    # with 1 instead of 4 as eighth answer even is 2.5 1 1, mean 1.5, deviations 1 -.5 -.5, squares 1.5;
    # products 10/6 + 2.5/6 + 2.5/6 = 2.5; r = 2.5 / sqrt(150/36 * 1.5) = 2.5 / 2.5 = 1
    assert one(even_odd(person(4, 2, 5, 3, 2, 1, 3, 1, 1), SCALES)) == pytest.approx(1)


def test_even_odd_is_corrected_for_the_halved_length() -> None:
    # odd halves 1 2 3, even halves 2 1 3: deviations -1 0 1 and 0 -1 1; r = 1 / 2
    # Spearman and Brown: 2 r / (1 + r) = 2 / 3
    pairs = [np.array([0, 1]), np.array([2, 3]), np.array([4, 5])]
    assert one(even_odd(person(1, 2, 2, 1, 3, 3), pairs)) == pytest.approx(2 / 3)


def test_even_odd_has_no_value_for_a_straight_line_or_two_scales() -> None:
    assert np.isnan(one(even_odd(person(*[3] * 9), SCALES)))
    assert np.isnan(one(even_odd(person(4, 2, 5, 3, 2, 1, NAN, NAN, NAN), SCALES)))


def test_even_odd_below_minus_one_is_minus_one() -> None:
    # odd 1 2 3, even 3 2 1: r = -1
    pairs = [np.array([0, 1]), np.array([2, 3]), np.array([4, 5])]
    assert one(even_odd(person(1, 3, 2, 2, 3, 1), pairs)) == -1
    # odd 1 2 3, even 3 1 2: r = -1/2, corrected -1 / .5 = -2
    assert one(even_odd(person(1, 3, 2, 1, 3, 2), pairs)) == -1


def test_synonyms_correlate_the_first_with_the_second_items_of_pairs() -> None:
    # pairs (1, 2), (3, 4), (5, 6): first 1 3 5, second 2 3 7; deviations -2 0 2 and -2 -1 3
    # products 4 + 0 + 6 = 10; squares 8 and 14; r = 10 / sqrt(112) = .944911
    pairs = np.zeros((6, 6))
    pairs[[0, 2, 4], [1, 3, 5]] = 1
    assert one(pair_correlation(person(1, 2, 3, 3, 5, 7), pairs)) == pytest.approx(0.944911, abs=1e-6)
    # without the fourth answer two pairs are left, which say nothing
    assert np.isnan(one(pair_correlation(person(1, 2, 3, NAN, 5, 7), pairs)))


def test_synonyms_are_pairs_at_or_above_the_bound_and_antonyms_below_its_negative() -> None:
    cor = np.array([[1, 0.6, -0.7], [0.6, 1, -0.59], [-0.7, -0.59, 1]])
    assert np.argwhere(pair_matrix(cor)).tolist() == [[0, 1]]
    assert np.argwhere(pair_matrix(cor, antonyms=True)).tolist() == [[0, 2]]


def test_pairs_are_counted_by_separate_sets() -> None:
    pairs = np.zeros((6, 6))
    pairs[[0, 0, 1, 4], [1, 2, 2, 5]] = 1  # 1-2-3 hang together, 4 is alone, 5-6 hang together
    assert pair_sets(pairs) == 2
    assert pair_sets(np.zeros((3, 3))) == 0


def test_person_total_compares_with_the_others_alone() -> None:
    # items 1 2 3; persons (1, 2, 3), (2, 2, 5), (3, 2, 1). For the first the others' means are 2.5 2 3;
    # deviations of 1 2 3: -1 0 1; of 2.5 2 3: 0 -.5 .5; r = .5 / sqrt(2 * .5) = .5
    Y = np.array([[1, 2, 3], [2, 2, 5], [3, 2, 1]], dtype=float).T
    assert person_total(Y, Y.mean(axis=1), np.full(3, 3.0))[0] == pytest.approx(0.5)


# ---- speed (Huang et al. 2012; Leiner 2019) -------------------------------------------------------------------------


def test_seconds_per_item() -> None:
    # 60 s for 20 items: 3 s; 30 s for 20: 1.5 s; 30 s for the 10 that were answered: 3 s
    found = seconds_per_item(np.array([60.0, 30.0, 30.0, 30.0]), np.array([20.0, 20.0, 10.0, 0.0]))
    assert found[:3].tolist() == [3, 1.5, 3]
    assert np.isnan(found[3])


def test_relative_speed_is_the_median_over_the_own_time() -> None:
    # median of 2, 4, 12 is 4
    assert relative_speed(np.array([2.0, 4.0, 12.0])).tolist() == pytest.approx([2, 1, 1 / 3])


def test_durations_with_units_times_and_nonsense() -> None:
    assert seconds(pd.Series(["123秒", "95 s", "60"])).tolist() == [123, 95, 60]
    assert seconds(pd.Series(pd.to_timedelta([90, 61], unit="s"))).tolist() == [90, 61]
    assert np.isnan(seconds(pd.Series([-5.0, 0.0, NAN]))).all()


# ---- Mahalanobis distance -------------------------------------------------------------------------------------------


def test_distance_with_its_chi_square() -> None:
    # S = [[1, .5], [.5, 1]], inverse [[1, -.5], [-.5, 1]] / .75; d = (1, 1): (1 - .5 - .5 + 1) / .75 = 1.333333
    # d = (1, -1): (1 + .5 + .5 + 1) / .75 = 4; chi-square with 2 df: p = exp(-D/2) = .513417 and .135335
    ellipsoid = make_ellipsoid(np.zeros(2), np.array([[1.0, 0.5], [0.5, 1.0]]))
    squared, df = mahalanobis(np.array([[1.0, 1.0], [1.0, -1.0]]), ellipsoid)
    assert squared == pytest.approx([4 / 3, 4])
    assert df.tolist() == [2, 2]
    assert distance_pvalue(squared, df) == pytest.approx([0.513417, 0.135335], abs=1e-6)


@pytest.mark.parametrize("gaps", [1, 2, 4, 6])
def test_distance_over_the_items_answered_is_that_of_their_moments_alone(gaps: int) -> None:
    rng = np.random.default_rng(gaps)
    A = rng.standard_normal((7, 7))
    mean, cov = rng.standard_normal(7), A @ A.T + np.eye(7)
    Y = rng.standard_normal((7, 20))
    for column in range(20):
        Y[rng.permutation(7)[:gaps], column] = NAN
    squared, df = mahalanobis(Y, make_ellipsoid(mean, cov))
    for k in range(20):
        seen = ~np.isnan(Y[:, k])
        d = Y[seen, k] - mean[seen]
        assert squared[k] == pytest.approx(d @ np.linalg.solve(cov[np.ix_(seen, seen)], d))
        assert distance_pvalue(squared, df)[k] == pytest.approx(chi2.sf(squared[k], 7 - gaps))


def test_an_indefinite_matrix_of_pairwise_covariances_is_smoothed() -> None:
    cov = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    found = make_ellipsoid(np.zeros(3), cov)
    assert found.smoothed
    assert np.linalg.eigvalsh(found.cov)[0] > 0


# ---- duplicates -----------------------------------------------------------------------------------------------------


def test_equal_answers_are_found_missing_ones_included() -> None:
    answers = pd.DataFrame({"a": [1, 1, 1, 2, 1], "b": [NAN, NAN, 2, 2, NAN]})
    keys = row_keys(answers.to_numpy(dtype=float).T)
    groups = answer_groups(answers, ["a", "b"], keys, np.ones(5, dtype=bool))
    assert others_alike(groups).tolist() == [2, 2, 0, 0, 2]
    # the key alone does not make a duplicate: rows of one key are compared
    groups = answer_groups(answers, ["a", "b"], np.zeros(5, dtype=np.uint64), np.ones(5, dtype=bool))
    assert others_alike(groups).tolist() == [2, 2, 0, 0, 2]


def test_the_first_of_several_from_one_device_is_no_repetition() -> None:
    answers, devices = np.array([0, 0, 0, 1, 1, -1]), np.array([5, 5, 6, 5, 5, 5])
    assert repeats(answers, devices).tolist() == [0, 1, 0, 0, 1, 0]


# ---- what the sample says of the items ------------------------------------------------------------------------------


def test_moments_of_pieces_are_those_of_the_whole_by_pairs() -> None:
    rng = np.random.default_rng(5)
    Y = rng.integers(1, 8, (4, 300)).astype(float)
    Y[1] += Y[0]
    Y[rng.random(Y.shape) < 0.2] = NAN
    found = item_moments([Y[:, :100], Y[:, 100:150], Y[:, 150:]])
    frame = pd.DataFrame(Y.T)
    np.testing.assert_allclose(found.cor, frame.corr().to_numpy(), rtol=1e-12)
    np.testing.assert_allclose(found.cov, frame.cov().to_numpy(), rtol=1e-12)
    np.testing.assert_allclose(found.mean, frame.mean())
    assert found.n == 300
