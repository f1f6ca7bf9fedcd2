// The one binary: its subcommands.

#include "cmd/command.h"

int main(int argc, char** argv) {
  using namespace cmd;
  return run(
      argc, argv,
      {{"check", "what an estate folder holds, what is odd about it, and what could be ordered",
        "stockade check --estate shop", bind_check},
       {"order", "the order run: what every store and depot orders tonight",
        "stockade order --estate shop --as-of 2026-06-14 --out orders --state state", bind_order},
       {"why", "every factor that made one quantity of tonight's orders",
        "stockade why --estate shop --as-of 2026-06-14 --site S0001 --product P00001", bind_why},
       {"compare", "our orders beside somebody else's: what differs, by how much and why",
        "stockade compare --ours orders --theirs theirs.csv --estate shop --out differences.csv",
        bind_compare},
       {"forecast", "what every line will sell, as a mean and quantiles",
        "stockade forecast --estate shop --as-of 2026-06-14 --horizon 28 --out forecast.csv",
        bind_forecast},
       {"backtest", "a policy played over history, never seeing a period before it decides",
        "stockade backtest --estate shop --from 2024-01-01 --periods 48 --policy benchmark",
        bind_backtest},
       {"evaluate", "how good the forecasts of a day turned out, against what came",
        "stockade evaluate --estate shop --as-of 2024-03-01 --horizon 28", bind_evaluate},
       {"recover", "when shelves are full again: the estate played forward, day by day",
        "stockade recover --estate shop --from 2026-06-15 --days 28 --out recovery", bind_recover},
       {"sample", "a made-up estate of any size, with the true demand beside it",
        "stockade sample --stores 50 --lines 400 --days 400 --seed 1 --out shop", bind_sample},
       {"site", "a store, a depot or a centre: its journal, its book, its nights, over HTTPS",
        "stockade site --kind store --id S0042 --data shop-0042 --listen 127.0.0.1:8042 --plain",
        bind_site},
       {"enrol", "a person or a device at a site, with a code and a key of its own",
        "stockade enrol --at http://127.0.0.1:8042 --code 7K3M9QXA --key anna.key", bind_enrol},
       {"call", "one request to a site, signed in with a key",
        "stockade call --at http://127.0.0.1:8042 --key anna.key GET /v1/lines?limit=5", bind_call},
       {"journal", "a site's journal: begin, append, print, sign, export, archive, restore",
        "stockade journal append shop-0042 --key shop-0042.key <events.txt", bind_journal},
       {"verify", "whether journals hold: every byte, link, signature and witness",
        "stockade verify shop-0042 --roster roster", bind_verify},
       {"roster", "who is who: which key speaks for which site, signed by approvers",
        "stockade roster sign roster --key anna.key", bind_roster},
       {"trace", "where a product or a batch came from and went, from journals of sites",
        "stockade trace --product P00001 --batch B7 store/journal depot/journal", bind_trace},
       {"bench", "how fast this machine is at what Stockade does",
        "stockade bench journal --seconds 10", bind_bench}});
}
