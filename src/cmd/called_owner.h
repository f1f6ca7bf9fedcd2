#pragma once
// The owner of gift cards as a till asks it over the network, as a device that is enrolled there.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cmd/caller.h"
#include "io/clock.h"
#include "till/card_owner.h"

namespace cmd {

struct CalledOwnerOptions {
  trade::SiteCode owner{};
  trade::SiteCode till{};  // for whom the owner holds
  CallerOptions caller;    // https, with the owner's pin and a device's key
  // Takes a line for people where the owner refuses to speak with the till at all. From a thread of
  // the owner's own.
  std::function<void(std::string_view line)> tell = {};
};

// One call after the other, on a thread of its own. Whoever was not reached is left alone for ten
// seconds, so that no customer waits twice for nobody; and a call that waits longer than a customer
// would is not made. A hold that the owner may have taken without our hearing of it is asked for
// again, and given back, as is every release that was not answered.
class CalledOwner final : public till::CardOwner {
 public:
  // Errors: as Caller::make. The clock must outlive it.
  static base::Result<std::unique_ptr<CalledOwner>> start(CalledOwnerOptions options,
                                                          io::Clock& clock);
  // What waits is answered as not reached.
  ~CalledOwner() override;

  trade::SiteCode site() const override;
  void hold(
      const trade::CardCode& code, std::int64_t pence,
      std::move_only_function<void(std::expected<till::CardHeld, till::NotHeld>)> then) override;
  void release(const trade::DocumentNumber& hold) override;

 private:
  struct Parts;
  explicit CalledOwner(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// What an answer says: its JSON where the owner did it; a refusal of trade, by its name; or that
// nobody is reached, for whatever else was said (`problem` then names it).
struct OwnersNo {
  till::NotHeld why;
  std::string problem = {};
};
std::expected<std::string, OwnersNo> read_answer(const http::Response& response);

}  // namespace cmd
