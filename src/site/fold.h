#pragma once
// What a site folds from its own journal: its partition of the book, and the requests that may come
// again. Beside it the book holds what other sites told.

#include <string>
#include <string_view>

#include "journal/journal.h"
#include "site/requests.h"
#include "trade/book.h"

namespace site {

// An entry of the site's own journal that cannot be read or does not fit is a bug (CHECK): a
// damaged journal ends before it, for it is folded as far as its checks hold.
class SiteFold final : public journal::Fold {
 public:
  // Requires that the journal is of a site of this code.
  explicit SiteFold(const trade::SiteOpened& site);

  void reset() override;
  base::Result<> load(std::string_view state) override;
  void apply(std::uint64_t index, const journal::Entry& entry) override;

  // Folds an event that was just decided, as apply does when it is read back: at the place in the
  // entry that it will get.
  void take(std::uint64_t entry, std::uint32_t place, std::int64_t tick_ms,
            const trade::Event& event, std::string_view event_bytes);
  // The state that load takes; its SHA-256 is what a digest entry states.
  std::string save() const;

  trade::Book& book() { return book_; }
  const trade::Book& book() const { return book_; }
  const Requests& requests() const { return requests_; }
  // Nothing has happened here yet.
  bool is_empty() const { return book_.find(site_.code) == nullptr; }
  // The site's partition; one in which nothing has happened, before its first event.
  const trade::Partition& own() const;

 private:
  trade::SiteOpened site_;
  trade::Book book_;
  Requests requests_;
  trade::Catalogue no_goods_;
  trade::Partition nothing_;
};

}  // namespace site
