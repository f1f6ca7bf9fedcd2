// The one binary: its subcommands.

#include "cmd/command.h"

int main(int argc, char** argv) {
  using namespace cmd;
  return run(argc, argv,
             {{"order", "the order run: what every store and depot orders tonight",
               "stockade order --estate shop --as-of 2026-06-14 --out orders --state state", bind_order},
              {"backtest", "a policy played over history, never seeing a period before it decides",
               "stockade backtest --estate shop --from 2024-01-01 --periods 48 --policy benchmark", bind_backtest},
              {"evaluate", "how good the forecasts of a day turned out, against what came",
               "stockade evaluate --estate shop --as-of 2024-03-01 --horizon 28", bind_evaluate},
              {"forecast", "what every line will sell, as a mean and quantiles",
               "stockade forecast --estate shop --as-of 2026-06-14 --horizon 28 --out forecast.csv",
               bind_forecast}});
}
