// The one binary: its subcommands.

#include "cmd/command.h"

int main(int argc, char** argv) {
  using namespace cmd;
  return run(argc, argv,
             {{"forecast", "what every line will sell, as a mean and quantiles",
               "stockade forecast --estate shop --as-of 2026-06-14 --horizon 28 --out forecast.csv",
               bind_forecast}});
}
