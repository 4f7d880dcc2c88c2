# Bootstrap figures of lavaan; run once, the numbers are kept in bootstrap.json.
#   Rscript tests/reference/make_bootstrap.R
# Draws are random, so that errors and p values agree within simulation error only. Intervals are a function of the draws:
# the draws of the small model are kept, and its intervals must be met to all digits.
suppressMessages({library(lavaan); library(jsonlite)})
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); dirname(normalizePath(f)) }
pd <- read.csv(file.path(here, "data", "pd.csv"))
hs <- read.csv(file.path(here, "data", "hs.csv"))
out <- list()

small <- "textual =~ x4 + x5 + x6"
set.seed(11)
f <- cfa(small, hs, se = "bootstrap", bootstrap = 199)
p <- parameterEstimates(f); keep <- p$se > 0; draws <- unclass(lavInspect(f, "boot")); attributes(draws) <- list(dim = dim(draws))
ci <- function(type) { p <- parameterEstimates(f, boot.ci.type = type); list(lower = p$ci.lower[keep], upper = p$ci.upper[keep]) }
out$small <- list(model = small, data = "hs", draws = draws, est = p$est[keep], se = p$se[keep],
  intervals = list(percentile = ci("perc"), basic = ci("basic"), normal = ci("norm"), bca = ci("bca.simple")))

democracy <- paste("ind60 =~ x1 + x2 + x3", "dem60 =~ y1 + a*y2 + b*y3 + y4", "dem65 =~ y5 + a*y6 + b*y7 + y8",
  "dem60 ~ ind60", "dem65 ~ c*ind60 + d*dem60", "y1 ~~ y5", "y2 ~~ y4 + y6", "y3 ~~ y7", "y4 ~~ y8", "y6 ~~ y8", "ind := c*d", sep = "\n")
set.seed(12)
g <- sem(democracy, pd, se = "bootstrap", bootstrap = 1000)
p <- parameterEstimates(g, ci = FALSE)
g <- sem(democracy, pd, test = "bollen.stine", bootstrap = 1000) # asked for together, errors come from these replicates
out$democracy <- list(model = democracy, data = "pd", lhs = p$lhs, op = p$op, rhs = p$rhs, se = p$se,
  p = g@test[["bollen.stine"]]$pvalue, replicates = 1000)

factors <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
set.seed(13)
h <- cfa(factors, hs, test = "bollen.stine", bootstrap = 1000, group = "school")
out$groups <- list(model = factors, data = "hs", group = "school", p = h@test[["bollen.stine"]]$pvalue, replicates = 1000)
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = FALSE), file.path(here, "bootstrap.json"))
cat(out$democracy$p, out$groups$p, "\n")
