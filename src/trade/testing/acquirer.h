#pragma once
// A terminal and its acquirer for tests: it declines, loses requests and answers, answers late and
// twice, and its line can be cut. The same seed does the same.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/prng.h"
#include "base/result.h"
#include "trade/terminal.h"

namespace trade::testing {

// Out of a hundred each.
struct Faults {
  std::uint64_t declined = 5;
  std::uint64_t request_lost = 3;
  std::uint64_t request_late = 3;  // it arrives long after the till has given up
  std::uint64_t answer_lost = 3;
  std::uint64_t answer_late = 3;
  std::uint64_t answer_twice = 5;
  std::uint64_t approved_offline = 30;  // of chip and PIN, where the line is down
};

// What the acquirer has on its own books. It knows a request by payment and kind, and a reversal
// stands whenever its charge comes.
class Acquirer {
 public:
  struct Charge {
    DocumentNumber payment;
    std::int64_t pence = 0;
    bool is_reversed = false;
  };

  Acquirer(std::uint64_t declined, std::int64_t age_ms_max)
      : declined_(declined), age_ms_max_(age_ms_max) {}

  AnswerKind take(const CardRequest& request, std::int64_t now_ms, base::Prng& prng) {
    if (request.kind == RequestKind::reverse) {
      is_reversed_[request.payment] = true;
      for (Charge& charge : charges_)
        if (charge.payment == request.payment) charge.is_reversed = true;
      return AnswerKind::reversed;
    }
    const auto name = std::pair(request.payment, request.kind);
    if (const auto known = answers_.find(name); known != answers_.end()) return known->second;
    const bool is_forward = request.kind == RequestKind::forward;
    const bool is_too_old = is_forward && now_ms - request.stored_tick_ms > age_ms_max_;
    const bool is_bad =
        is_too_old || is_reversed_.contains(request.payment) || prng.below(100) < declined_;
    if (!is_bad) charges_.push_back({request.payment, request.pence});
    if (is_forward) forwards_.push_back(request.payment);
    const AnswerKind good = is_forward ? AnswerKind::accepted : AnswerKind::approved;
    const AnswerKind bad = is_forward ? AnswerKind::refused : AnswerKind::declined;
    return answers_[name] = is_bad ? bad : good;
  }

  const std::vector<Charge>& charges() const { return charges_; }
  // In the order in which each was decided, once.
  const std::vector<DocumentNumber>& forwards() const { return forwards_; }
  std::int64_t owes_pence() const {
    std::int64_t pence = 0;
    for (const Charge& charge : charges_)
      if (!charge.is_reversed) pence += charge.pence;
    return pence;
  }

 private:
  std::uint64_t declined_;
  std::int64_t age_ms_max_;
  std::vector<Charge> charges_;
  std::map<DocumentNumber, bool> is_reversed_;
  std::map<std::pair<DocumentNumber, RequestKind>, AnswerKind> answers_;
  std::vector<DocumentNumber> forwards_;
};

class TerminalSimulator : public CardTerminal {
 public:
  TerminalSimulator(std::uint64_t seed, const Faults& faults, std::int64_t age_ms_max)
      : prng_(seed), faults_(faults), acquirer_(faults.declined, age_ms_max) {}

  // The line is down from one moment to the one before another.
  void cut(std::int64_t from_ms, std::int64_t until_ms) {
    from_ms_ = from_ms, until_ms_ = until_ms;
  }
  bool is_up(std::int64_t at_ms) const { return at_ms < from_ms_ || at_ms >= until_ms_; }

  // What was on its way and is due happens. Time never goes back.
  void advance(std::int64_t now_ms) {
    while (!on_its_way_.empty() && on_its_way_.begin()->first.first <= now_ms) {
      const auto [when, what] = *on_its_way_.begin();
      on_its_way_.erase(on_its_way_.begin());
      now_ms_ = when.first;
      if (!is_up(now_ms_)) continue;
      if (const auto* request = std::get_if<CardRequest>(&what)) arrive(*request);
      if (const auto* answer = std::get_if<CardAnswer>(&what)) ready_.push_back(*answer);
    }
    now_ms_ = now_ms;
  }

  void send(const CardRequest& request) override {
    if (request.kind == RequestKind::charge) present_card(request);
    if (request.kind == RequestKind::charge && !is_up(now_ms_)) return answer_alone(request);
    if (!happens(faults_.request_lost)) dispatch(request, happens(faults_.request_late));
  }
  std::vector<CardAnswer> receive() override { return std::exchange(ready_, {}); }

  const Acquirer& acquirer() const { return acquirer_; }

 private:
  bool happens(std::uint64_t percent) { return prng_.below(100) < percent; }

  // Half the customers hold their card against the terminal, as far as they may.
  void present_card(const CardRequest& request) {
    CardFacts& facts = cards_[request.payment];
    facts.token = *Text<32>::of("tok-" + std::to_string(prng_.below(1'000'000)));
    facts.masked = *Text<19>::of("************" + std::to_string(1'000 + prng_.below(9'000)));
    facts.scheme = *Text<16>::of(prng_.below(2) == 0 ? "visa" : "mastercard");
    const bool is_small = request.pence <= request.contactless_pence_max;
    facts.entry =
        is_small && prng_.below(2) == 0 ? EntryMode::contactless : EntryMode::chip_and_pin;
  }

  // Without a line the terminal asks the card.
  void answer_alone(const CardRequest& request) {
    const CardFacts& facts = cards_[request.payment];
    const bool is_approved =
        facts.entry == EntryMode::chip_and_pin && happens(faults_.approved_offline);
    ready_.push_back(
        {is_approved ? AnswerKind::approved_offline : AnswerKind::no_line, request.payment, facts});
  }

  // At the acquirer.
  void arrive(const CardRequest& request) {
    const AnswerKind kind = acquirer_.take(request, now_ms_, prng_);
    const CardAnswer answer{kind, request.payment, cards_[request.payment]};
    const int times = happens(faults_.answer_twice) ? 2 : 1;
    for (int i = 0; i < times; ++i)
      if (!happens(faults_.answer_lost)) dispatch(answer, happens(faults_.answer_late));
  }

  // Half a second to five on the line, or up to twenty minutes.
  void dispatch(const std::variant<CardRequest, CardAnswer>& what, bool is_late) {
    const std::uint64_t ms = 500 + prng_.below(is_late ? 1'200'000 : 4'500);
    on_its_way_.emplace(std::pair(now_ms_ + static_cast<std::int64_t>(ms), ++sent_), what);
  }

  base::Prng prng_;
  Faults faults_;
  Acquirer acquirer_;
  std::int64_t now_ms_ = 0, from_ms_ = 0, until_ms_ = 0;
  std::uint64_t sent_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::variant<CardRequest, CardAnswer>>
      on_its_way_;
  std::map<DocumentNumber, CardFacts> cards_;
  std::vector<CardAnswer> ready_;
};

}  // namespace trade::testing
