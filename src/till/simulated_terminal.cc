#include "till/simulated_terminal.h"

#include <utility>

namespace till {
namespace {

using trade::AnswerKind;
using trade::RequestKind;

// The same card every time, held against the terminal where that is enough.
trade::CardFacts facts_of(const trade::CardRequest& request) {
  const bool is_small = request.pence <= request.contactless_pence_max;
  return {*trade::Text<32>::of("simulated"), *trade::Text<19>::of("************0000"),
          *trade::Text<16>::of("simulated"),
          is_small ? trade::EntryMode::contactless : trade::EntryMode::chip_and_pin};
}

}  // namespace

void SimulatedTerminal::send(const trade::CardRequest& request) {
  const bool has_line = !options_.has_line || options_.has_line();
  const std::lock_guard lock(mutex_);
  trade::CardAnswer answer{AnswerKind::no_line, request.payment, {}};
  switch (request.kind) {
    case RequestKind::charge:
      answer.facts = facts_of(request);
      if (!has_line) break;
      answer.kind =
          request.pence > options_.approve_pence_max || reversed_.contains(request.payment)
              ? AnswerKind::declined
              : AnswerKind::approved;
      break;
    case RequestKind::reverse:
      if (!has_line) return;  // asked again until it is answered
      reversed_.insert(request.payment);
      answer.kind = AnswerKind::reversed;
      break;
    case RequestKind::forward:
      if (!has_line) return;
      answer.kind = AnswerKind::accepted;
      break;
  }
  answers_.push_back(answer);
}

std::vector<trade::CardAnswer> SimulatedTerminal::receive() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, {});
}

}  // namespace till
