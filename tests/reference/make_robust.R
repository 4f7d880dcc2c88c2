# Further golden results from R lavaan: robust corrections, clusters, weights and incomplete data beyond make_golden.R.
#   Rscript make_robust.R            writes cases/<id>.json and data/<name>.csv beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools, r-cran-psych, r-cran-jsonlite, and the data written by make_golden.R and make_more.R.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
source(file.path(here, "golden.R"))
# Left out on purpose, because lavaan 0.6-14 follows another rule there:
#   MLM with sampling weights (weights of 0 and 1 do not give the fit of the cases with weight 1: tests/assess/test_robust.py);
#   clusters that span groups (lavaan takes them for different clusters in each group);
#   cluster= without estimator="MLR", and MLM with observed information (the test then takes the information of the saturated
#   model, observed.information = "h1", in place of the Hessian);
#   robust indices of MLF with incomplete data (here they are those of ML: the estimates and the plain test are the same);
#   missing="ml.x" (lavaan counts no parameters for the covariates; here it is fixed.x = FALSE);
#   another test= beside estimator="MLR" (lavaan prints the one of MLR);
#   standardized residuals with robust errors or incomplete data (another variance of the residuals).
known <- function(name) { DATA[[name]] <<- read.csv(file.path(dat, paste0(name, ".csv"))); invisible() }
for (name in c("hs","pd","growth_groups","loyalty","hs_missing","loyalty_missing","loyalty_weights")) known(name)
set.seed(20270210)
D <- DATA$hs_missing; D$ageyr <- DATA$hs$ageyr; D$sex <- DATA$hs$sex
D$ageyr[sample(nrow(D), 30)] <- NA; use("hs_missing_covariates", D)
G <- DATA$growth_groups; for (v in c("t2","t3","t4")) G[[v]][runif(nrow(G)) < plogis(-2 + 0.4*G$t1)] <- NA; use("growth_missing", G)
P <- DATA$pd; for (v in c("y1","y5","y8")) P[[v]][sample(nrow(P), 10)] <- NA; use("pd_missing", P)

hs <- 'visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9'
loyalty <- 'QUA =~ q1 + q2 + q3
SAT =~ s1 + s2 + s3
LOY =~ l1 + l2 + l3
SAT ~ a*QUA
LOY ~ b*SAT + c*QUA
ind := a*b'
growth <- 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
i + s ~ x1'
path <- 'y1 ~ x1 + x2
y5 ~ b*y1 + x3
y8 ~ d*y5 + y1
ind := b*d'

golden("robust-groups-scalar-mlr", "cfa", hs, "hs", estimator = "MLR", group = "school", group.equal = c("loadings","intercepts"), extra = "modindices")
golden("robust-covariates-mlmv", "sem", paste0(hs, "\nvisual + speed ~ ageyr + sex"), "hs", estimator = "MLMV")
golden("robust-constraints-mlm", "sem", paste0(loyalty, "\na*b == 0.3"), "loyalty", estimator = "MLM")
golden("robust-growth-mlmvs", "growth", growth, "growth_groups", estimator = "MLMVS", group = "half", group.equal = "regressions")
golden("robust-cluster-mlm", "sem", loyalty, "loyalty", estimator = "MLM", cluster = "store")
golden("robust-saturated-mlr", "sem", 'y1 ~ x1 + x2
y5 ~ x1 + x2', "pd", estimator = "MLR")
golden("weights-groups-mlr", "sem", loyalty, "loyalty_weights", estimator = "MLR", sampling.weights = "w", group = "gender", group.equal = "loadings")
golden("fiml-covariates-mlr", "sem", paste0(hs, "\nvisual + speed ~ ageyr + sex"), "hs_missing_covariates", missing = "fiml", estimator = "MLR", extra = c("scores_bartlett","scores_regression","modindices"))
golden("fiml-free-covariates-mlr", "sem", paste0(hs, "\nvisual + speed ~ ageyr + sex"), "hs_missing_covariates", missing = "fiml", estimator = "MLR", fixed.x = FALSE, extra = c("implied","r2"))
golden("fiml-growth-groups", "growth", growth, "growth_missing", missing = "fiml", group = "half", group.equal = "regressions")
golden("fiml-path-mlr", "sem", path, "pd_missing", missing = "fiml", estimator = "MLR")
golden("fiml-constraints-expected", "sem", paste0(loyalty, "\na == 2*c"), "loyalty_missing", missing = "fiml", information = "expected")
