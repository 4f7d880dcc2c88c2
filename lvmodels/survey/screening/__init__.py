"""Screening of answers: a score a respondent for every index, rules with cuts, and the decisions that follow."""
