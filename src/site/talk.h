#pragma once
// How a thread beside the core talks to it: asks and waits for the answer.

#include <future>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "site/core.h"

namespace site {

// What came of a wish: the event, or why not.
using Carried = std::expected<trade::Event, NotDone>;

// Why not, for a person.
std::string words_of(const NotDone& why);

// For one thread, which is not the core's. Every call waits. Error of all: nothing_to_do where too
// many wait at the core.
class Talk {
 public:
  explicit Talk(Core& core) : core_(core) {}

  // What `question` returns of the site as it is now; it runs on the core's thread.
  template <class Question>
  auto ask(Question question) -> base::Result<std::invoke_result_t<Question, const View&>> {
    using T = std::invoke_result_t<Question, const View&>;
    return wait_for<T>([&](auto then) {
      return core_.ask([then, &question](const View& view) { then(question(view)); });
    });
  }
  // The site's partition as it is now, in a book of the caller's own.
  base::Result<trade::SiteCode> copy_own(trade::Book& into);
  // Carried out for the origin, or by the site itself.
  base::Result<Carried> carry_out(const trade::Body& body, const trade::Origin& origin = {});
  // The same for many, which do not wait for each other: one answer for each body.
  base::Result<std::vector<Carried>> carry_out(std::span<const trade::Body> bodies);
  // Errors also: read_only, io_failed.
  base::Result<journal::Digest> keep_document(std::string bytes);

  // Starts something that tells its answer once, and waits for that; false from `start`: too busy.
  template <class T, class Start>
  static base::Result<T> wait_for(Start&& start) {
    auto promise = std::make_shared<std::promise<T>>();
    auto future = promise->get_future();
    if (!start([promise](T value) { promise->set_value(std::move(value)); })) return busy();
    return future.get();
  }

 private:
  static std::unexpected<base::Error> busy();

  Core& core_;
};

}  // namespace site
