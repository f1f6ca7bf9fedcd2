#include "cmd/called_owner.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "cmd/json.h"
#include "site/code.h"

namespace cmd {
namespace {

using till::NotHeld;
using till::NotReached;

constexpr std::size_t calls_max = 64;
constexpr double alone_s = 10;    // after nobody was reached
constexpr double patience_s = 5;  // of a customer who waits for the owner
constexpr std::int64_t answer_ms = 2'000;
// A hold outlives its basket for so long; then the owner gives the money back to the card.
constexpr std::int64_t hold_minutes = 30;

constexpr std::string_view problems = "/problems/";

std::string text_in(const Json& json, const char* name) {
  return json.is_object() && json.contains(name) && json[name].is_string()
             ? json[name].get<std::string>()
             : std::string();
}

std::expected<till::CardHeld, NotHeld> read_held(const std::string& answer) {
  const Json json = Json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains("body")) return std::unexpected(NotReached{});
  const Json& body = json["body"];
  const auto number = trade::parse_number(text_in(body, "hold"));
  if (!number || !body.contains("pence") || !body["pence"].is_number_integer())
    return std::unexpected(NotReached{});
  return till::CardHeld{*number, body["pence"].get<std::int64_t>()};
}

}  // namespace

std::expected<std::string, OwnersNo> read_answer(const http::Response& response) {
  if (response.status / 100 == 2) return response.body;
  const std::string type = text_in(Json::parse(response.body, nullptr, false), "type");
  const std::string name = type.starts_with(problems) ? type.substr(problems.size()) : "";
  const auto row = std::ranges::find(trade::refusals, name, &trade::RefusalRow::name);
  // A number that was used already says something of the till's clock and nothing of the card.
  const bool is_of_trade =
      row != trade::refusals.end() && row->name != row_of(trade::Refusal::already_done).name;
  if (!is_of_trade) return std::unexpected(OwnersNo{NotReached{}, name});
  const auto why = static_cast<trade::Refusal>(row - trade::refusals.begin());
  return std::unexpected(OwnersNo{trade::No{why}, name});
}

struct CalledOwner::Parts {
  Parts(CalledOwnerOptions its_options, Caller its_caller, io::Clock& its_clock)
      : options(std::move(its_options)), caller(std::move(its_caller)), clock(its_clock) {}

  using Answer = std::expected<std::string, NotHeld>;
  struct Call {
    std::string target, body;
    double asked_s = 0;
    std::move_only_function<void(Answer)> then;
  };

  void ask(std::string target, Json body, std::move_only_function<void(Answer)> then) {
    const double now = clock.seconds();
    {
      const std::lock_guard lock(mutex);
      if (!stops && calls.size() < calls_max && now >= alone_until_s) {
        calls.push_back({std::move(target), body.dump(), now, std::move(then)});
        wake.notify_one();
        return;
      }
    }
    then(std::unexpected(NotReached{}));
  }

  // The number of a device's command is higher than that of any before, also after a restart.
  void number_next() {
    sequence = std::max(sequence + 1, clock.wall_ms());
    caller.number(sequence);
  }

  Answer carry_out(const Call& call) {
    if (clock.seconds() - call.asked_s > patience_s) return std::unexpected(NotReached{});
    number_next();
    const auto response = caller.send(http::Method::post, call.target, call.body);
    if (!response) {
      const std::lock_guard lock(mutex);
      alone_until_s = clock.seconds() + alone_s;
      return std::unexpected(NotReached{});
    }
    auto answer = read_answer(*response);
    if (answer) return *std::move(answer);
    if (std::holds_alternative<NotReached>(answer.error().why)) tell(answer.error().problem);
    return std::unexpected(answer.error().why);
  }

  void tell(const std::string& problem) {
    if (std::exchange(told, problem) == problem || !options.tell) return;
    options.tell("the owner of gift cards does not serve this till: " + problem);
  }

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait(lock, [&] { return stops || !calls.empty(); });
      if (calls.empty()) return;
      Call call = std::move(calls.front());
      calls.pop_front();
      const bool is_over = stops;
      lock.unlock();
      call.then(is_over ? Answer(std::unexpected(NotReached{})) : carry_out(call));
      lock.lock();
    }
  }

  const CalledOwnerOptions options;
  // Of the thread alone.
  Caller caller;
  std::int64_t sequence = 0;
  std::string told;

  io::Clock& clock;
  std::mutex mutex;  // of what follows
  std::condition_variable wake;
  std::deque<Call> calls;
  double alone_until_s = 0;
  bool stops = false;
  std::thread thread;
};

base::Result<std::unique_ptr<CalledOwner>> CalledOwner::start(CalledOwnerOptions options,
                                                              io::Clock& clock) {
  options.caller.timeout_ms = answer_ms;
  Caller caller = TRY(Caller::make(options.caller));
  auto parts = std::make_unique<Parts>(std::move(options), std::move(caller), clock);
  parts->thread = std::thread([its = parts.get()] { its->run(); });
  return std::unique_ptr<CalledOwner>(new CalledOwner(std::move(parts)));
}

CalledOwner::CalledOwner(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

CalledOwner::~CalledOwner() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->stops = true;
  }
  parts_->wake.notify_all();
  parts_->thread.join();
}

trade::SiteCode CalledOwner::site() const { return parts_->options.owner; }

void CalledOwner::hold(const trade::CardCode& code, std::int64_t pence,
                       std::move_only_function<void(std::expected<till::CardHeld, NotHeld>)> then) {
  const Json body{{"code", to_string(code)},
                  {"pence", pence},
                  {"site", site::to_text(parts_->options.till)},
                  {"minutes", hold_minutes}};
  parts_->ask("/v1/cards/holds", body, [then = std::move(then)](Parts::Answer answer) mutable {
    if (!answer) return then(std::unexpected(answer.error()));
    then(read_held(*answer));
  });
}

// Captured for that receipt already: the answer to the first call was lost.
void CalledOwner::capture(const trade::DocumentNumber& hold, std::int64_t pence,
                          const trade::DocumentNumber& receipt,
                          std::move_only_function<void(std::expected<void, NotHeld>)> then) {
  const Json body{{"hold", to_string(hold)}, {"pence", pence}, {"receipt", to_string(receipt)}};
  parts_->ask("/v1/cards/holds/capture", body,
              [then = std::move(then)](Parts::Answer answer) mutable {
                if (answer) return then({});
                const auto* no = std::get_if<trade::No>(&answer.error());
                if (no != nullptr && no->why == trade::Refusal::document_known) return then({});
                then(std::unexpected(answer.error()));
              });
}

void CalledOwner::release(const trade::DocumentNumber& hold) {
  parts_->ask("/v1/cards/holds/release", Json{{"hold", to_string(hold)}}, [](const auto&) {});
}

}  // namespace cmd
