// The one binary: its subcommands.

#include "cmd/command.h"

int main(int argc, char** argv) {
  using namespace cmd;
  return run(argc, argv,
             {{"backtest", "a policy played over history, never seeing a period before it decides",
               "stockade backtest --estate shop --from 2024-01-01 --periods 48 --policy benchmark", bind_backtest},
              {"forecast", "what every line will sell, as a mean and quantiles",
               "stockade forecast --estate shop --as-of 2026-06-14 --horizon 28 --out forecast.csv",
               bind_forecast}});
}
