# Further golden results from R lavaan and semTools: equality across groups, scaled difference tests, score tests, ladders.
#   Rscript make_groups.R            writes cases/<id>.json and data/<name>.csv beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools (0.5-6), r-cran-psych, r-cran-jsonlite, and the data written by the scripts before.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
source(file.path(here, "golden.R"))
known <- function(name) { DATA[[name]] <<- read.csv(file.path(dat, paste0(name, ".csv"))); invisible() }
for (name in c("hs","hs_ordered","hs3","pd","loyalty","growth_groups","hs_missing")) known(name)
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
for (p in c("delta","theta")) {
  h <- function(id, ...) g(paste0("ordinal-", id, "-", p), ..., parameterization = p)
  h("mplus", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = TL)
  h("loadings", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = "loadings", skip = c("cfi_robust","tli_robust","nnfi_robust","rni_robust"))  # the baseline's part of them is an open question
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

# ---- scaled difference tests -----------------------------------------------------------------------------------------
ladder <- list(configural = character(0), metric = "loadings", scalar = LI, strict = c(LI, "residuals"), scale = TL, equal = c(TL, "lv.variances"))
lrt <- function(id, model, data, steps, method = "default", a_method = "delta", ...) {
  fits <- lapply(unname(ladder[steps]), function(s) suppressWarnings(cfa(model, data = DATA[[data]], group = "school", group.equal = if (length(s)) s else "", ...)))
  a <- as.data.frame(suppressWarnings(do.call(lavTestLRT, c(fits, list(method = method, A.method = a_method)))))
  opts <- list(...); names(opts) <- gsub(".", "_", names(opts), fixed = TRUE)
  do.call(raw, c(list(paste0("lrt-", id), "compare", data, list(df = a$Df, chisq = a$Chisq, chisq_diff = a[["Chisq diff"]], df_diff = a[["Df diff"]], pvalue = a[["Pr(>Chisq)"]]), model = model, group = "school", ladder = steps, method = method, a_method = a_method), opts))
}
S3 <- c("configural","metric","scalar"); O3 <- c("configural","scale","equal")
for (e in c("MLM","MLMV","MLMVS")) lrt(paste0(tolower(e), "-default"), hs, "hs", S3, estimator = e)
for (e in c("MLM","MLR","MLMV")) for (m in c("satorra.bentler.2001","satorra.bentler.2010","satorra.2000")) lrt(paste(tolower(e), sub("satorra.", "", sub("bentler.", "", m, fixed = TRUE), fixed = TRUE), sep = "-"), hs, "hs", S3, m, estimator = e)
for (e in c("MLM","MLR")) lrt(paste0(tolower(e), "-exact"), hs, "hs", S3[1:2], "satorra.2000", "exact", estimator = e)
lrt("fiml-mlr-default", hs, "hs_missing", S3, missing = "fiml", estimator = "MLR")
lrt("fiml-mlr-2010", hs, "hs_missing", S3, "satorra.bentler.2010", missing = "fiml", estimator = "MLR")
lrt("fiml-ml", hs, "hs_missing", S3, missing = "fiml")
for (e in c("WLSMV","WLSM","ULSMV","WLSMVS")) lrt(paste0(tolower(e), "-default"), os, "hs_groups", O3, estimator = e, ordered = TRUE)
lrt("wlsmv-2010", os, "hs_groups", O3, "satorra.bentler.2010", estimator = "WLSMV", ordered = TRUE)
lrt("wlsm-2000", os, "hs_groups", O3, "satorra.2000", estimator = "WLSM", ordered = TRUE)
lrt("gls", hs, "hs", S3, estimator = "GLS")

# ---- score tests of equality constraints -----------------------------------------------------------------------------
score <- function(id, fun, model, data, ...) {
  fit <- suppressWarnings(do.call(fun, list(model, data = DATA[[data]], ...)))
  s <- suppressWarnings(lavTestScore(fit, epc = TRUE)); pt <- parTable(fit)
  row <- function(p) match(p, pt$plabel)
  i <- row(s$uni$lhs); j <- row(s$uni$rhs)
  uni <- data.frame(lhs = pt$lhs[j], op = pt$op[j], rhs = pt$rhs[j], group = pt$group[j], first = paste0(pt$lhs[i], pt$op[i], pt$rhs[i]), first_group = pt$group[i], x2 = s$uni$X2, pvalue = s$uni$p.value)
  e <- s$epc; epc <- data.frame(lhs = e$lhs, op = e$op, rhs = e$rhs, group = if (is.null(e$group)) 1 else e$group, est = e$est, epc = e$epc, epv = e$epv)
  opts <- list(...); names(opts) <- gsub(".", "_", names(opts), fixed = TRUE)
  do.call(raw, c(list(paste0("score-", id), paste0("score_", fun), data, list(uni = uni, total = list(x2 = s$test$X2, df = s$test$df, pvalue = s$test$p.value), epc = epc), model = model), opts))
}
score("metric", "cfa", hs, "hs", group = "school", group.equal = "loadings")
score("scalar-std-lv", "cfa", hs, "hs", group = "school", group.equal = LI, std.lv = TRUE)
score("three", "cfa", hs, "hs3", group = "third", group.equal = c(LI, "residuals"))
score("labels", "cfa", 'visual =~ x1 + a*x2 + a*x3
textual =~ x4 + b*x5 + b*x6
x1 ~~ c*x1\nx2 ~~ c*x2\nx3 ~~ c*x3', "hs")
score("mlr", "cfa", hs, "hs", group = "school", group.equal = LI, estimator = "MLR")
score("fiml", "cfa", hs, "hs_missing", group = "school", group.equal = LI, missing = "fiml")
score("wlsmv", "cfa", os, "hs_groups", group = "school", group.equal = TL, ordered = TRUE)
score("wlsmv-theta", "cfa", os, "hs_groups", group = "school", group.equal = TL, ordered = TRUE, parameterization = "theta")
score("covariates", "sem", paste0(hs, "\nspeed ~ ageyr + sex"), "hs", group = "school", group.equal = c(LI, "regressions"))

# ---- ladders ---------------------------------------------------------------------------------------------------------
climb <- function(id, fits, model, data, what = "invariance", ...) {
  fits <- unname(fits); a <- as.data.frame(suppressWarnings(do.call(lavTestLRT, fits))); m <- sapply(fits, fitMeasures)
  n <- rownames(m); pick <- function(x) { s <- paste0(x, ".scaled"); as.numeric(m[if (s %in% n) s else x, ]) }
  k <- match(as.numeric(m["df", ]), a$Df)
  raw(id, what, data, list(chisq = pick("chisq"), df = pick("df"), pvalue = pick("pvalue"), srmr = as.numeric(m["srmr", ]), cfi_scaled = pick("cfi"), rmsea_scaled = pick("rmsea"), chisq_diff = a[["Chisq diff"]][k], df_diff = a[["Df diff"]][k], p_diff = a[["Pr(>Chisq)"]][k]), ..., model = model)
}
steps <- list(character(0), "loadings", LI, c(LI, "residuals"), c(LI, "residuals", "lv.variances"), c(LI, "residuals", "lv.variances", "means"))
cont <- function(id, ...) climb(paste0("invariance-", id), lapply(steps, function(s) cfa(hs, data = DATA$hs, group = "school", group.equal = if (length(s)) s else "", ...)), hs, "hs", group = "school",
  levels = c("configural","metric","scalar","strict","lv.variances","means"), options = { o <- list(...); names(o) <- gsub(".", "_", names(o), fixed = TRUE); o })
cont("ml", estimator = "ML"); cont("mlr", estimator = "MLR"); cont("mlm-std-lv", estimator = "MLM", std.lv = TRUE)
ord <- list(character(0), "thresholds", c("thresholds","loadings"), c("thresholds","loadings","intercepts"), c("thresholds","loadings","intercepts","residuals"))
wu <- function(id, p, which = 1:5, ...) {
  fits <- lapply(ord[which], function(s) { t <- as.character(suppressWarnings(measEq.syntax(configural.model = hs, data = DATA$hs_ordered, ordered = paste0("x", 1:9), parameterization = p, ID.fac = "std.lv", ID.cat = "Wu.Estabrook.2016", group = "school", group.equal = if (length(s)) s else "", ...)))
    suppressWarnings(cfa(t, data = DATA$hs_ordered, ordered = paste0("x", 1:9), parameterization = p, group = "school")) })
  o <- list(...); names(o) <- gsub(".", "_", names(o), fixed = TRUE)
  climb(paste0("invariance-", id), fits, hs, "hs_ordered", group = "school", levels = c("configural","thresholds","metric","scalar","strict")[which], options = c(list(ordered = TRUE, parameterization = p, std_lv = TRUE), o))
}
wu("wu-theta", "theta")  # under delta semTools 0.5-6 writes models of another fit; theta and delta must fit alike
wu("wu-partial", "theta", 3:5, group.partial = c("x1~1","x5~1","x8~~x8"))
g("ordinal-strict-partial", "cfa", os, "hs_groups", ordered = TRUE, group = "school", group.equal = c(TL,"residuals"), group.partial = c("o1~~o1","o5~~o5"), parameterization = "theta")

# ---- waves: the texts that longitudinal_invariance writes, written here again -----------------------------------------
set.seed(20270415); N <- 420; f1 <- rnorm(N); f2 <- .6*f1 + rnorm(N, .4, .8); f3 <- .7*f2 + rnorm(N, .2, .9); F <- list(f1, f2, f3); W <- list()
u <- matrix(rnorm(N*4, 0, .5), N)
for (w in 1:3) for (k in 1:4) { y <- c(.9,.8,.7,.8)[k]*F[[w]] + u[, k] + rnorm(N, if (k == 2 && w == 3) .5 else 0, .6); W[[paste0("c", k, "_", w)]] <- round(y, 4); W[[paste0("o", k, "_", w)]] <- findInterval(y, c(-1, 0, 1)) + 1; W[[paste0("b", k, "_", w)]] <- as.integer(y > .2) }
use("waves", as.data.frame(W))
wave <- function(letter, n, equal, ordinal = 0) {
  out <- c(); has <- function(x) x %in% equal
  for (w in 1:3) { it <- paste0(letter, 1:n, "_", w); f <- paste0("f_", w)
    out <- c(out, paste0(f, " =~ NA*", it[1], " + ", paste0(if (has("loadings")) paste0("l", 1:n, "*") else "", it, collapse = " + ")),
      paste0(f, " ~~ ", if (w > 1 && has("loadings")) "NA" else "1", "*", f), paste0(f, " ~ ", if (w > 1 && has("intercepts")) "NA" else "0", "*1"))
    for (k in 1:n) out <- c(out, if (!ordinal) c(paste0(it[k], " ~ ", if (has("intercepts")) paste0("i", k, "*"), "1"), paste0(it[k], " ~~ ", if (has("residuals")) paste0("r", k, "*"), it[k])) else
      c(paste0(it[k], " | ", paste0(if (has("thresholds")) paste0("t", k, "_", 1:ordinal, "*") else "", "t", 1:ordinal, collapse = " + ")),
        paste0(it[k], " ~ ", if (w > 1 && has("thresholds") && !has("intercepts")) "NA" else "0", "*1"),
        paste0(it[k], " ~~ ", if (w > 1 && has("thresholds") && !has("residuals") && (ordinal > 1 || has("intercepts"))) "NA" else "1", "*", it[k]))) }
  for (k in 1:n) out <- c(out, paste0(letter, k, "_1 ~~ ", letter, k, "_2 + ", letter, k, "_3"), paste0(letter, k, "_2 ~~ ", letter, k, "_3"))
  paste(out, collapse = "\n")
}
over <- function(id, letter, equal, levels, ordinal = 0, ...) {
  it <- paste0(letter, rep(1:4, 3), "_", rep(1:3, each = 4)); more <- if (ordinal) list(ordered = it, parameterization = "theta") else list()
  fits <- lapply(equal, function(e) suppressWarnings(do.call("cfa", c(list(wave(letter, 4, e, ordinal), data = DATA$waves), more, list(...)))))
  o <- list(...); climb(paste0("waves-", id), fits, "", "waves", "longitudinal_invariance", items = list(f = matrix(it, 3, byrow = TRUE)), levels = levels, options = c(if (ordinal) list(ordered = TRUE), o))
}
over("ml", "c", steps[1:4], c("configural","metric","scalar","strict"))
over("mlr", "c", steps[1:4], c("configural","metric","scalar","strict"), estimator = "MLR")
over("ordinal", "o", ord, c("configural","thresholds","metric","scalar","strict"), 3)
over("binary", "b", ord[c(1,4,5)], c("configural","scalar","strict"), 1)
