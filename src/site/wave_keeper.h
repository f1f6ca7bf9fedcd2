#pragma once
// Keeps a depot's waves: opens them, fills them at their cut-off with what was heard and with
// standing orders, shares, releases, and answers what came too late. And the door for orders that
// no journal brings.

#include <functional>

#include "site/held_nights.h"
#include "site/order_offer.h"
#include "site/share_wave.h"

namespace site {

inline constexpr int typed_cap_percent_default = 150;

struct WaveOptions {
  std::shared_ptr<const RosterInUse> roster;  // whose keys are believed; none: no door
  // Most units of a typed order, of those of the standing order for the same delivery.
  int typed_cap_percent = typed_cap_percent_default;
  int threads = 1;
};

// An order that was taken at the door.
struct TakenOrder {
  trade::Event event;            // order_told
  std::size_t unknown_rows = 0;  // of products that the depot does not have
};
// Why not: refused by name, or not believed at all.
struct NotTaken {
  std::variant<trade::No, Disbelieved, Trouble> why;
  std::string words;
};

// For one thread, which is not the core's.
class WaveKeeper {
 public:
  WaveKeeper(Talk& talk, io::Disk& disk, io::Clock& clock, WaveOptions options)
      : talk_(talk), clock_(clock), options_(std::move(options)), shelf_(talk, disk) {}

  // What the rule for scarcity asks of lines; from now on.
  void set_facts(FactsOf facts) { facts_ = std::move(facts); }
  // What customers have ordered, by the estate.
  base::Result<> take_customers(std::span<const CustomerRow> rows);
  // Everything that is due by now; to be called every second.
  base::Result<> keep();
  // At the door, for whoever the origin names. Error: the site is too busy.
  base::Result<std::expected<TakenOrder, NotTaken>> take(const OrderOffer& offer,
                                                         const trade::Origin& origin);

 private:
  base::Result<> note_news();
  base::Result<> fill(std::uint32_t wave);
  base::Result<std::vector<trade::Body>> acknowledgements(std::uint32_t wave,
                                                          std::span<WaveOrder> orders);
  base::Result<> share(std::uint32_t wave);
  base::Result<std::expected<trade::OrderTold, NotTaken>> told_by(const OpenedOffer& opened,
                                                                  const OrderOffer& offer,
                                                                  std::size_t& unknown_rows);
  base::Result<> answer(const OpenedOffer& opened, const trade::No& no);

  Talk& talk_;
  io::Clock& clock_;
  const WaveOptions options_;
  NightShelf shelf_;
  FactsOf facts_ = [](const trade::OrderKey&, trade::LineNo) { return ClaimFacts(); };
  std::uint64_t seen_entries_ = 0;  // of all peers, when news were looked at last
  bool has_looked_ = false;
};

}  // namespace site
