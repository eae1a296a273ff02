# One run of emIRT on votes laid out by peers.py: reads FOLDER, writes its estimates and what they cost there.
# Arguments: FOLDER, dynIRT or ordIRT, threshold, most iterations.
library(emIRT)

given <- commandArgs(trailingOnly = TRUE)
folder <- given[1]
integers <- function(name) {
  path <- file.path(folder, paste0(name, ".bin"))
  readBin(path, "integer", n = file.size(path) / 4, size = 4)
}
doubles <- function(name) {
  path <- file.path(folder, paste0(name, ".bin"))
  readBin(path, "double", n = file.size(path) / 8, size = 8)
}
put <- function(name, values) writeBin(as.double(values), file.path(folder, paste0(name, ".out")))
column <- function(values) matrix(values, ncol = 1)

shape <- integers("shape") # states, items, sessions
votes <- matrix(0, shape[1], shape[2])
votes[cbind(integers("state") + 1L, integers("item") + 1L)] <- integers("answer")
limits <- list(threads = 1, verbose = FALSE, thresh = as.numeric(given[3]), maxit = as.integer(given[4]))
invisible(gc())

if (given[2] == "dynIRT") {
  states <- shape[1]
  data <- list(
    rc = votes, startlegis = column(integers("first")), endlegis = column(integers("last")),
    bill.session = column(integers("session")), T = shape[3]
  )
  starts <- list(
    alpha = column(doubles("alpha")), beta = column(doubles("beta")),
    x = matrix(doubles("x"), states, shape[3])
  )
  priors <- list(
    x.mu0 = column(doubles("middle")), x.sigma0 = column(rep(1, states)), omega2 = column(rep(0.1, states)),
    beta.mu = column(c(0, 0)), beta.sigma = diag(1, 2)
  )
  spent <- system.time(told <- dynIRT(data, starts, priors, limits))
  put("variance", told$vars$x)
  put("alpha", told$means$alpha)
} else {
  starts <- list(
    DD = column(rep(0.5, shape[2])), tau = column(rep(-0.5, shape[2])),
    beta = column(doubles("beta")), x = column(doubles("x"))
  )
  priors <- list(
    x = list(mu = matrix(0, 1, 1), sigma = matrix(1, 1, 1)), beta = list(mu = column(c(0, 0)), sigma = diag(25, 2))
  )
  spent <- system.time(told <- ordIRT(votes, starts, priors, .D = 1, .control = limits))
  put("tau", told$means$tau)
  put("delta", told$means$Delta)
}
put("x", told$means$x)
put("beta", told$means$beta)
peak <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
put("cost", c(
  spent[["user.self"]] + spent[["sys.self"]], told$runtime$iters, told$runtime$conv,
  as.numeric(gsub("[^0-9]", "", peak)) / 1000
))
