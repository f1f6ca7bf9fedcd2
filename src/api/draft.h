#pragma once
// A command as a client has sent it: its body still names products and document numbers, which only
// the core, with the book at hand, can turn into the site's own lines and counters.

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/names.h"
#include "trade/events.h"

namespace api {

// A body whose lines are indexes into `products`, and whose counters are those of `numbers`.
struct Draft {
  trade::Body body;
  std::vector<trade::ProductId> products;
  std::vector<trade::DocumentNumber> numbers;  // must all be the site's own
};

struct NotResolved {
  trade::No no;
  std::string product;  // that has no line here
};

// Finds lines by their products. Remembers where it found them last and looks whether that is still
// so, which costs a tenth of a search. For one thread.
class LineFinder {
 public:
  std::optional<trade::LineNo> find(const trade::ProductId& product, const trade::Goods& goods);

 private:
  static constexpr std::size_t guesses_count = 1 << 14;
  std::vector<trade::LineNo> guesses_ = std::vector<trade::LineNo>(guesses_count, trade::no_line);
};

// The draft's body in the site's own terms: every line is looked up, and rows are sorted as
// documents have them. Errors: line_unknown,
// document_not_ours (a number of another site, or a proposal for one, whose lines are not known
// here).
std::expected<trade::Body, NotResolved> resolve(Draft draft, const trade::Partition& site,
                                                LineFinder& finder);

}  // namespace api
