#pragma once
// A terminal that reaches no bank: for trying a till. It approves up to an amount, declines above
// it, and says that it has no line while it is told so. It never sees a card.

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <vector>

#include "trade/terminal.h"

namespace till {

struct SimulatedTerminalOptions {
  std::int64_t approve_pence_max = 20'000;   // above it a charge is declined
  std::function<bool()> has_line = nullptr;  // none: always
};

// From any thread. What it has charged it forgets at its end.
class SimulatedTerminal final : public trade::CardTerminal {
 public:
  explicit SimulatedTerminal(SimulatedTerminalOptions options) : options_(std::move(options)) {}

  void send(const trade::CardRequest& request) override;
  std::vector<trade::CardAnswer> receive() override;

 private:
  const SimulatedTerminalOptions options_;
  std::mutex mutex_;
  std::set<trade::DocumentNumber> reversed_;
  std::vector<trade::CardAnswer> answers_;
};

}  // namespace till
