"""Works on measurement quality that reports name, as full references."""

from __future__ import annotations

MEASUREMENT_REFERENCES: dict[str, str] = {
    "Bollen and Ting 2000": "Bollen, K. A., & Ting, K.-F. (2000). A tetrad test for causal indicators. Psychological "
    "Methods, 5(1), 3–22.",
    "Chin 1998": "Chin, W. W. (1998). The partial least squares approach to structural equation modeling. In G. A. "
    "Marcoulides (Ed.), Modern methods for business research (pp. 295–336). Lawrence Erlbaum.",
    "Diamantopoulos et al. 2012": "Diamantopoulos, A., Sarstedt, M., Fuchs, C., Wilczynski, P., & Kaiser, S. (2012). "
    "Guidelines for choosing between multi-item and single-item scales for construct measurement: A predictive "
    "validity "
    "perspective. Journal of the Academy of Marketing Science, 40(3), 434–449.",
    "Dijkstra and Henseler 2015": "Dijkstra, T. K., & Henseler, J. (2015). Consistent partial least squares path "
    "modeling. MIS Quarterly, 39(2), 297–316.",
    "Feldt et al. 1987": "Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient "
    "alpha. Applied Psychological Measurement, 11(1), 93–103.",
    "Fornell and Larcker 1981": "Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with "
    "unobservable variables and measurement error. Journal of Marketing Research, 18(1), 39–50.",
    "Green and Yang 2009": "Green, S. B., & Yang, Y. (2009). Reliability of summed item scores using structural "
    "equation "
    "modeling: An alternative to coefficient alpha. Psychometrika, 74(1), 155–167.",
    "Hair et al. 2019": "Hair, J. F., Risher, J. J., Sarstedt, M., & Ringle, C. M. (2019). When to use and how to "
    "report "
    "the results of PLS-SEM. European Business Review, 31(1), 2–24.",
    "Henseler et al. 2015": "Henseler, J., Ringle, C. M., & Sarstedt, M. (2015). A new criterion for assessing "
    "discriminant validity in variance-based structural equation modeling. Journal of the Academy of Marketing "
    "Science, "
    "43(1), 115–135.",
    "McDonald 1999": "McDonald, R. P. (1999). Test theory: A unified treatment. Lawrence Erlbaum.",
    "Nunnally and Bernstein 1994": "Nunnally, J. C., & Bernstein, I. H. (1994). Psychometric theory (3rd ed.). "
    "McGraw-Hill.",
    "Podsakoff and Organ 1986": "Podsakoff, P. M., & Organ, D. W. (1986). Self-reports in organizational research: "
    "Problems and prospects. Journal of Management, 12(4), 531–544.",
    "Podsakoff et al. 2003": "Podsakoff, P. M., MacKenzie, S. B., Lee, J.-Y., & Podsakoff, N. P. (2003). Common method "
    "biases in behavioral research: A critical review of the literature and recommended remedies. Journal of Applied "
    "Psychology, 88(5), 879–903.",
    "Roemer et al. 2021": "Roemer, E., Schuberth, F., & Henseler, J. (2021). HTMT2: An improved criterion for "
    "assessing "
    "discriminant validity in structural equation modeling. Industrial Management & Data Systems, 121(12), 2637–2650.",
}
