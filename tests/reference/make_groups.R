# Further golden results from R lavaan and semTools: equality across groups, scaled difference tests, score tests, ladders.
#   Rscript make_groups.R            writes cases/<id>.json and data/<name>.csv beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools (0.5-6), r-cran-psych, r-cran-jsonlite, and the data written by the scripts before.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
source(file.path(here, "golden.R"))
known <- function(name) { DATA[[name]] <<- read.csv(file.path(dat, paste0(name, ".csv"))); invisible() }
for (name in c("hs","hs3","pd","loyalty","growth_groups","hs_missing")) known(name)
set.seed(20270401)
G <- DATA$hs; for (v in paste0("x", 1:9)) G[[sub("x", "o", v)]] <- as.integer(cut(G[[v]], quantile(G[[v]], c(0, .3, .7, 1)), include.lowest = TRUE))
for (v in paste0("x", 7:9)) G[[sub("x", "b", v)]] <- as.integer(G[[v]] > median(G[[v]]))
G$town <- ifelse(G$school == "Pasteur", "\u7b2c\u4e00 \u4e2d\u5b66", "Grant White"); G$code <- ifelse(G$school == "Pasteur", 7, 3)
G$third <- DATA$hs3$third; use("hs_groups", G)

hs <- 'visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9'
os <- 'visual =~ o1 + o2 + o3
textual =~ o4 + o5 + o6
speed =~ o7 + o8 + o9'
hsr <- paste0(hs, "\nspeed ~ visual + textual")
g <- function(id, ...) tryCatch(golden(paste0("groups-", id), ...), error = function(e) cat("FAILED", id, conditionMessage(e), "\n"))
LI <- c("loadings","intercepts")
g("three-strict-std-lv", "cfa", hs, "hs3", group = "third", std.lv = TRUE, group.equal = c(LI, "residuals"))
g("std-lv-variances", "cfa", hs, "hs", group = "school", std.lv = TRUE, group.equal = c("loadings","lv.variances"))
g("std-lv-covariances", "cfa", hs, "hs", group = "school", std.lv = TRUE, group.equal = c(LI, "lv.covariances"))
g("std-lv-means", "cfa", hs, "hs", group = "school", std.lv = TRUE, group.equal = c(LI, "means", "lv.variances"))
g("std-lv-regressions", "sem", hsr, "hs", group = "school", std.lv = TRUE, group.equal = c(LI, "regressions"))
g("lv-both", "cfa", hs, "hs", group = "school", group.equal = c("loadings","lv.variances","lv.covariances"))
g("everything", "sem", paste0(hsr, "\nx1 ~~ x4"), "hs3", group = "third", group.equal = c(LI,"residuals","residual.covariances","lv.variances","lv.covariances","means","regressions"))
g("means-only", "cfa", hs, "hs", group = "school", group.equal = "means")
g("residuals-alone", "cfa", hs, "hs3", group = "third", group.equal = c("residuals","intercepts"))
g("partial-kinds", "cfa", paste0(hs, "\nx1 ~~ x9"), "hs", group = "school", group.equal = c(LI,"residuals","residual.covariances","lv.variances","lv.covariances"), group.partial = c("visual=~x2","x1~1","x1~~x1","x1~~x9","visual~~visual","visual~~speed"))
g("partial-latent-mean", "sem", hsr, "hs", group = "school", group.equal = c(LI,"means","regressions"), group.partial = c("visual~1","speed~textual"))
g("modifiers-mixed", "cfa", 'visual =~ c(1,NA)*x1 + c(b2,b2)*x2 + start(c(0.8,1.2))*x3
textual =~ x4 + c(1.1,0.9)*x5 + c(t1,t2)*x6
speed =~ x7 + x8 + x9
visual ~~ c(NA,1)*visual
x1 ~~ c(0,NA)*x2
x9 ~ c(m,m)*1
t1 == t2*1.1', "hs", group = "school")
g("modifiers-three", "cfa", 'visual =~ x1 + c(a,a,d)*x2 + c(b1,b2,b1)*x3
textual =~ x4 + c(NA,0.5,1)*x5 + x6
visual ~~ c(0.3,NA,NA)*textual', "hs3", group = "third")
g("blocks-different", "sem", 'group: 1
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
textual ~ visual
group: 2
visual =~ x1 + x2 + a*x3
textual =~ x4 + a*x5 + x6 + x3
visual ~~ textual', "hs", group = "school")
g("covariates-regressions", "sem", paste0(hs, "\nvisual + textual ~ ageyr + sex\nspeed ~ visual + sex"), "hs", group = "school", group.equal = c(LI,"regressions"), group.partial = "visual~sex")
g("covariates-three", "sem", 'visual =~ x1 + x2 + x3
visual ~ ageyr\nx9 ~ visual + ageyr', "hs3", group = "third", group.equal = c(LI,"regressions","residuals"))
g("label-chinese", "cfa", hs, "hs_groups", group = "town", group.equal = "loadings")
g("codes", "cfa", hs, "hs_groups", group = "code", group.equal = LI)
g("mlr-strict-partial", "cfa", hs, "hs", group = "school", estimator = "MLR", group.equal = c(LI,"residuals","lv.variances"), group.partial = c("x3~1","x7~1","x2~~x2"))
g("fiml-scalar-mlr", "cfa", hs, "hs_missing", group = "school", missing = "fiml", estimator = "MLR", group.equal = c(LI,"means"))
g("gls-metric", "cfa", hs, "hs", group = "school", estimator = "GLS", group.equal = LI)
g("second-order-means", "cfa", paste0(hs, "\ng =~ visual + textual + speed"), "hs", group = "school", group.equal = c(LI,"means"))
TL <- c("thresholds","loadings")
ROBUST <- c("cfi","tli","nnfi","rni","rmsea","rmsea_ci_lower","rmsea_ci_upper","rmsea_pvalue","rmsea_notclose_pvalue"); ROBUST <- paste0(ROBUST, "_robust")  # of several groups: not defined here
for (p in c("delta","theta")) {
  h <- function(id, ...) g(paste0("ordinal-", id, "-", p), ..., parameterization = p)
  h("mplus", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = TL)
  h("loadings", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = "loadings", skip = ROBUST)
  h("thresholds", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = "thresholds")
  h("means", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = c(TL,"means","lv.variances"))
  h("strict", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = c(TL,"residuals"))
  h("partial", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = TL, group.partial = c("o1|t2","textual=~o5"))
  h("std-lv", "cfa", os, "hs_groups", ordered = TRUE, group = "school", std.lv = TRUE, group.equal = TL)
  if (p == "delta") h("three", "cfa", os, "hs_groups", ordered = TRUE, group = "third", group.equal = c(TL,"lv.covariances"))
  h("binary", "cfa", 'textual =~ o4 + o5 + o6 + b7 + b8 + b9', "hs_groups", ordered = TRUE, group = "school", group.equal = TL)
  h("mixed", "cfa", 'visual =~ x1 + o2 + o3 + x7', "hs_groups", ordered = c("o2","o3"), group = "school", group.equal = c(TL,"intercepts"))
}
g("ordinal-scales-written", "cfa", paste0('visual =~ o1 + o2 + o3
textual =~ o4 + o5 + o6
o1 ~*~ c(1,NA)*o1
o2 ~*~ c(1,1.2)*o2
o4 ~*~ c(1,NA)*o4 + c(k,s)*o4
o5 ~*~ c(1,NA)*o5 + c(k,s)*o5
o1 | c(t11,t11)*t1 + c(t12,t12)*t2'), "hs_groups", ordered = TRUE, group = "school", group.equal = "loadings")
g("ordinal-scales-one", "cfa", 'visual =~ o1 + o2 + o3 + o4
o2 ~*~ 1.3*o2', "hs_groups", ordered = TRUE)
