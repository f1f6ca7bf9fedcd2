#include "site/talk.h"

#include <algorithm>

namespace site {
namespace {

using base::Result;

constexpr std::size_t together_max = 1'024;  // wishes that wait at the core at once

Carried carried(const Outcome& outcome) {
  if (outcome) return outcome->event;
  return std::unexpected(outcome.error());
}

}  // namespace

std::string words_of(const NotDone& why) {
  const auto* no = std::get_if<trade::No>(&why.why);
  return no == nullptr ? why.words : std::string(row_of(no->why).meaning);
}

std::unexpected<base::Error> Talk::busy() {
  return base::fail(base::ErrorCode::nothing_to_do, "the site is too busy; the night waits");
}

Result<trade::SiteCode> Talk::copy_own(trade::Book& into) {
  const std::string bytes = TRY(ask([](const View& view) { return encode(view.own); }));
  CHECK(into.restore(bytes).has_value());
  return into.partitions().begin()->first;
}

Result<Carried> Talk::carry_out(const trade::Body& body, const trade::Origin& origin) {
  return wait_for<Carried>([&](auto then) {
    return core_.submit({origin, [body](const trade::Partition&) { return body; }},
                        [then](const Outcome& outcome, const View&) { then(carried(outcome)); });
  });
}

Result<std::vector<Carried>> Talk::carry_out(std::span<const trade::Body> bodies) {
  std::vector<Carried> answers;
  while (answers.size() < bodies.size()) {
    const auto part =
        bodies.subspan(answers.size(), std::min(together_max, bodies.size() - answers.size()));
    std::vector<std::future<Carried>> waiting;
    for (const trade::Body& body : part) {
      auto promise = std::make_shared<std::promise<Carried>>();
      waiting.push_back(promise->get_future());
      const bool is_taken = core_.submit(
          {{}, [&body](const trade::Partition&) { return body; }},
          [promise](const Outcome& outcome, const View&) { promise->set_value(carried(outcome)); });
      if (!is_taken) promise->set_value(std::unexpected(NotDone{Trouble::read_only, "too busy"}));
    }
    for (auto& one : waiting) answers.push_back(one.get());
  }
  return answers;
}

Result<journal::Digest> Talk::keep_document(std::string bytes) {
  using Kept = Result<journal::Digest>;
  return TRY(wait_for<Kept>([&](auto then) {
    return core_.keep_document(std::move(bytes), [then](const Kept& kept) { then(kept); });
  }));
}

}  // namespace site
