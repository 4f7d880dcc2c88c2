# Further golden results from R lavaan: growth curve models beyond make_golden.R and make_more.R.
#   Rscript make_growth.R            writes cases/<id>.json and data/<name>.csv beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools, r-cran-psych, r-cran-jsonlite, and the data written by make_golden.R and
# make_robust.R.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
source(file.path(here, "golden.R"))
known <- function(name) { DATA[[name]] <<- read.csv(file.path(dat, paste0(name, ".csv"))); invisible() }
for (name in c("growth", "growth_groups", "growth_missing")) known(name)
is <- 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
'
golden("growth-predictors", "growth", paste0(is, 'i + s ~ x1 + x2'), "growth", extra = c("implied","r2","scores_regression","modindices"))
golden("growth-time-varying-equal", "growth", paste0(is, 'i ~ x1
s ~ x2
t1 ~ b*c1
t2 ~ b*c2
t3 ~ b*c3
t4 ~ b*c4'), "growth", extra = "implied")
P <- simulateData(paste0(is, 'j =~ 1*u1 + 1*u2 + 1*u3 + 1*u4
k =~ 0*u1 + 1*u2 + 2*u3 + 3*u4
i ~ 2*1
s ~ .5*1 + .3*j
j ~ 1*1
k ~ .2*1 + -.2*i
i ~~ 1*i + .4*j
s ~~ .3*s
j ~~ 1*j
k ~~ .3*k + .1*s
t1 ~~ .5*t1 + .15*u1
t2 ~~ .5*t2 + .15*u2
t3 ~~ .5*t3 + .15*u3
t4 ~~ .5*t4 + .15*u4
u1 ~~ .5*u1
u2 ~~ .5*u2
u3 ~~ .5*u3
u4 ~~ .5*u4'), model.type = "growth", sample.nobs = 350, seed = 9); use("growth_parallel", round(P, 3))
golden("growth-parallel", "growth", paste0(is, 'j =~ 1*u1 + 1*u2 + 1*u3 + 1*u4
k =~ 0*u1 + 1*u2 + 2*u3 + 3*u4
s ~ j
k ~ i
u1 ~~ e*t1
u2 ~~ e*t2
u3 ~~ e*t3
u4 ~~ e*t4'), "growth_parallel", extra = c("implied","r2"))
golden("growth-free-times", "growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + a*t3 + b*t4
s ~ x1
gain := b - a', "growth", extra = c("implied","residuals_standardized"))
golden("growth-equal-residuals", "growth", paste0(is, 't1 ~~ r*t1
t2 ~~ r*t2
t3 ~~ r*t3
t4 ~~ r*t4
i ~~ c*s
i ~ m*1
s ~ d*1
end := m + 3*d'), "growth", extra = c("implied","vcov"))
golden("growth-intercept-only", "growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
i ~ x1', "growth")
golden("growth-piecewise", "growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
a =~ 0*t1 + 1*t2 + 1*t3 + 1*t4
b =~ 0*t1 + 0*t2 + 1*t3 + 2*t4
a ~~ 0*a
a ~~ 0*i + 0*b', "growth")
golden("growth-second-order", "growth", 'f1 =~ 1*t1 + l*c1
f2 =~ 1*t2 + l*c2
f3 =~ 1*t3 + l*c3
i =~ 1*f1 + 1*f2 + 1*f3
s =~ 0*f1 + 1*f2 + 2*f3
f1 ~ 0*1
f2 ~ 0*1
f3 ~ 0*1
c1 ~ n*1
c2 ~ n*1
c3 ~ n*1', "growth")
golden("growth-groups-means", "growth", paste0(is, 'i ~~ s'), "growth_groups", group = "half", group.equal = c("means", "lv.variances"))
golden("growth-mlr", "growth", paste0(is, 'i + s ~ x1'), "growth", estimator = "MLR")
golden("growth-missing-mlr", "growth", paste0(is, 'i + s ~ x1
t1 ~~ r*t1
t2 ~~ r*t2
t3 ~~ r*t3
t4 ~~ r*t4'), "growth_missing", missing = "fiml", estimator = "MLR")
golden("growth-level-at-end", "growth", 'e =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ -3*t1 + -2*t2 + -1*t3 + 0*t4
e ~ s + x1', "growth", extra = "r2")
