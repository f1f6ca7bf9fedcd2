#pragma once
// The auditor: a second, naive model of an estate's goods and orders, written from the documents.
// It hears every event and never calls what decides or applies them.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "trade/events.h"
#include "trade/partition.h"

namespace rehearse {

class Auditor {
 public:
  // The next event of a site's journal.
  void hear(trade::SiteCode site, const trade::Event& event);
  // Nothing of this site counts any more: its journal is set aside from here on.
  void set_aside(trade::SiteCode site) { aside_.insert(site); }

  // Whether a book says of the site what its events say.
  void compare(const trade::Partition& partition);
  // Once everything has been heard: what lies between sites.
  void compare_between();

  // What is wrong, in the order in which it was found.
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::uint64_t events() const { return events_; }

 private:
  using Product = std::string;
  using Amounts = std::map<Product, std::int64_t>;
  using Number = trade::DocumentNumber;

  struct Shelf {
    std::int64_t on_hand = 0, apart = 0, promised = 0;
  };
  // What a depot does for one cycle.
  struct Cycle {
    Number order;
    bool is_open = false;    // allocated, and not picked
    bool is_sealed = false;  // picking has begun
    bool is_cancelled = false;
    Number dispatched;
    std::map<trade::LineNo, std::int64_t> allocated;
    std::vector<trade::CargoRow> cargo;
  };
  struct Site {
    std::uint16_t epoch = 0;
    bool is_till = false;
    std::vector<Product> products;  // by line
    std::vector<Shelf> shelves;     // by line
    std::map<Product, std::uint32_t> lines;
    std::map<std::string, std::int64_t, std::less<>> places;  // but on hand and in quarantine
    std::int64_t inside = 0;                                  // on hand and in quarantine
    std::int64_t blind = 0;                                   // came without an advice
    std::map<std::uint32_t, Product> stops;
    std::map<trade::OrderKey, Cycle> cycles;
    std::map<trade::OrderKey, std::uint32_t> placed;  // the counter of the order
    std::set<Number> received;
    std::set<trade::OrderKey> filled;
    std::set<std::pair<trade::DeviceNo, std::uint64_t>> sequences;
    std::set<std::uint64_t> requests;
  };
  // Goods that left one site for another.
  struct Advice {
    trade::SiteCode from{}, to{};
    Amounts sent;
  };
  // What the receiver made of an advice.
  struct Receipt {
    trade::SiteCode by{};
    Amounts advised, came;
  };

  void note_origin(trade::SiteCode code, Site& site, const trade::Event& event);
  void complain(trade::SiteCode site, std::string what);
  void move(Site& site, trade::LineNo line, std::string_view from, std::string_view to,
            std::int64_t units);
  void add_to(Site& site, trade::LineNo line, std::string_view place, std::int64_t units);
  void check_balance(trade::SiteCode code, const Site& site);

  template <class Other>
  void note(trade::SiteCode, Site&, const Other&) {}  // moves no units and no order
  void note(trade::SiteCode, Site&, const trade::SiteOpened&);
  void note(trade::SiteCode, Site&, const trade::LineOpened&);
  void note(trade::SiteCode, Site&, const trade::GoodsMoved&);
  void note(trade::SiteCode, Site&, const trade::SaleMade&);
  void note(trade::SiteCode, Site&, const trade::RefundMade&);
  void note(trade::SiteCode, Site&, const trade::TillHeard&);
  void note(trade::SiteCode, Site&, const trade::GoodsCounted&);
  void note(trade::SiteCode, Site&, const trade::GoodsReceived&);
  void note(trade::SiteCode, Site&, const trade::GoodsSent&);
  void note(trade::SiteCode, Site&, const trade::StopSet&);
  void note(trade::SiteCode, Site&, const trade::StopPulled&);
  void note(trade::SiteCode, Site&, const trade::OrderPlaced&);
  void note(trade::SiteCode, Site&, const trade::OrderAcknowledged&);
  void note(trade::SiteCode, Site&, const trade::OrderAllocated&);
  void note(trade::SiteCode, Site&, const trade::FulfilmentMoved&);
  void note(trade::SiteCode, Site&, const trade::OrderPicked&);
  void note(trade::SiteCode, Site&, const trade::OrderDispatched&);
  void promise(Site& site, Cycle& cycle, bool is_open);

  std::map<trade::SiteCode, Site> sites_;
  std::map<Number, Advice> advices_;
  std::map<Number, Receipt> receipts_;
  std::set<trade::SiteCode> aside_;
  std::vector<std::string> complaints_;
  std::uint64_t events_ = 0;
};

}  // namespace rehearse
