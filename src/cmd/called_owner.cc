#include "cmd/called_owner.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "cmd/json.h"
#include "crypto/hex.h"
#include "io/entropy.h"
#include "site/code.h"

namespace cmd {
namespace {

using till::NotHeld;
using till::NotReached;

constexpr std::size_t calls_max = 64;
constexpr std::size_t owed_max = 256;
constexpr double alone_s = 10;    // after nobody was reached
constexpr double again_s = 5;     // between two tries to give something back
constexpr double patience_s = 5;  // of a customer who waits for the owner
constexpr std::int64_t answer_ms = 2'000;
// A hold of a basket that came to nothing is released at once, or ends then. The till sells on it
// for half of that, so that no clock makes it late.
constexpr std::int64_t hold_minutes = 120;

constexpr std::string_view problems = "/problems/";
const std::string holds_target = "/v1/cards/holds", release_target = "/v1/cards/holds/release";

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
  return till::CardHeld{*number, body["pence"].get<std::int64_t>(), hold_minutes * 60'000 / 2};
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

  using HeldThen = std::move_only_function<void(std::expected<till::CardHeld, NotHeld>)>;
  struct Call {
    std::string key, body;
    double asked_s = 0;
    HeldThen then;
  };
  // What the owner still has to give back: a hold whose number is known, or one that it may have
  // taken without our having heard of it. The same request again then says which it is.
  struct Owed {
    std::string key, body;
    std::optional<trade::DocumentNumber> hold = {};
    double asked_s = 0, not_before_s = 0;
  };
  // Nobody answered, or something that was no answer.
  struct Lost {};
  using Answer = std::expected<std::string, std::variant<Lost, OwnersNo>>;

  void hold(Json body, HeldThen then) {
    const double now = clock.seconds();
    {
      const std::lock_guard lock(mutex);
      if (!stops && calls.size() < calls_max && now >= alone_until_s) {
        calls.push_back({new_key(), body.dump(), now, std::move(then)});
        wake.notify_one();
        return;
      }
    }
    then(std::unexpected(NotReached{}));
  }
  void release(const trade::DocumentNumber& hold) { owe({{}, {}, hold, clock.seconds(), 0}); }

  void owe(Owed one) {
    const std::lock_guard lock(mutex);
    // What is forgotten ends by itself at the owner.
    if (owed.size() >= owed_max) owed.pop_front();
    owed.push_back(std::move(one));
    wake.notify_one();
  }

  static std::string new_key() {
    std::array<std::uint8_t, 16> bytes{};
    io::real_entropy().fill(bytes);
    return crypto::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }

  Answer send(const std::string& target, const std::string& body, const std::string& key) {
    // The number of a device's command is higher than that of any before, also after a restart.
    sequence = std::max(sequence + 1, clock.wall_ms());
    caller.number(sequence, key);
    const auto response = caller.send(http::Method::post, target, body);
    if (!response) {
      const std::lock_guard lock(mutex);
      alone_until_s = clock.seconds() + alone_s;
      return std::unexpected(Lost{});
    }
    auto answer = read_answer(*response);
    if (answer) return *std::move(answer);
    if (std::holds_alternative<NotReached>(answer.error().why)) tell(answer.error().problem);
    return std::unexpected(std::move(answer.error()));
  }

  std::expected<till::CardHeld, NotHeld> take(const Call& call) {
    if (clock.seconds() - call.asked_s > patience_s) return std::unexpected(NotReached{});
    const Answer answer = send(holds_target, call.body, call.key);
    if (!answer) {
      if (const auto* no = std::get_if<OwnersNo>(&answer.error())) return std::unexpected(no->why);
      owe({call.key, call.body, {}, call.asked_s, 0});
      return std::unexpected(NotReached{});
    }
    return read_held(*answer);
  }

  // Asked until trade has answered, or the hold has ended by itself. Any other answer, and none, is
  // asked for again.
  void give_back(Owed one) {
    const double now = clock.seconds();
    if (now - one.asked_s > hold_minutes * 60.0) return;
    one.not_before_s = now + again_s;
    const auto is_open = [](const Answer& answer) {
      if (answer) return false;
      const auto* no = std::get_if<OwnersNo>(&answer.error());
      return no == nullptr || std::holds_alternative<NotReached>(no->why);
    };
    if (!one.hold) {
      const Answer answer = send(holds_target, one.body, one.key);
      if (is_open(answer)) return owe(std::move(one));
      if (!answer) return;  // it was refused
      const auto held = read_held(*answer);
      if (!held) return;
      one.hold = held->hold;
    }
    const Answer answer = send(release_target, Json{{"hold", to_string(*one.hold)}}.dump(), {});
    if (is_open(answer)) owe(std::move(one));
  }

  void tell(const std::string& problem) {
    if (std::exchange(told, problem) == problem || !options.tell) return;
    options.tell("the owner of gift cards does not serve this till: " + problem);
  }

  bool may_give_back() {
    const double now = clock.seconds();
    return !owed.empty() && now >= alone_until_s && now >= owed.front().not_before_s;
  }

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait_for(lock, std::chrono::seconds(1),
                    [&] { return stops || !calls.empty() || may_give_back(); });
      if (stops && calls.empty()) return;
      if (!calls.empty()) {
        Call call = std::move(calls.front());
        calls.pop_front();
        const bool is_over = stops;
        lock.unlock();
        call.then(is_over ? std::expected<till::CardHeld, NotHeld>(std::unexpected(NotReached{}))
                          : take(call));
        lock.lock();
      } else if (may_give_back()) {
        Owed one = std::move(owed.front());
        owed.pop_front();
        lock.unlock();
        give_back(std::move(one));
        lock.lock();
      }
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
  std::deque<Owed> owed;
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
  parts_->hold({{"code", to_string(code)},
                {"pence", pence},
                {"site", site::to_text(parts_->options.till)},
                {"minutes", hold_minutes}},
               std::move(then));
}

void CalledOwner::release(const trade::DocumentNumber& hold) { parts_->release(hold); }

}  // namespace cmd
