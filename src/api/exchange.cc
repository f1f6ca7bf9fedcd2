#include "api/exchange.h"

#include "api/json_write.h"
#include "api/routes.h"

namespace api {
namespace {

// "2026-11-22T10:32:28.123Z"
std::string time_text(std::int64_t wall_ms) {
  constexpr std::int64_t day_ms = 86'400'000;
  const std::int64_t of_day = wall_ms % day_ms;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z",
                     base::to_string(base::Date{static_cast<std::int32_t>(wall_ms / day_ms)}),
                     of_day / 3'600'000, of_day / 60'000 % 60, of_day / 1'000 % 60, of_day % 1'000);
}

}  // namespace

void Desk::wait_until_empty() {
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] { return open_ == 0; });
}

std::uint64_t Desk::enter() {
  const std::lock_guard lock(mutex_);
  ++open_;
  return ++entered_;
}

// Told under the lock, so that who waits cannot be gone before this is over.
void Desk::leave() {
  const std::lock_guard lock(mutex_);
  if (--open_ == 0) left_.notify_all();
}

// Before the client has it, so that whoever has an answer finds it counted.
void Exchange::answer(http::Response response) {
  tell(response.status);
  response.headers.push_back({"Request-Id", std::to_string(request_)});
  reply_.answer(std::move(response));
}

http::Stream Exchange::stream() {
  tell(200);
  return reply_.stream();
}

void Exchange::tell(int status) {
  const auto micros = static_cast<std::int64_t>((desk_->clock_.seconds() - begin_seconds_) * 1e6);
  desk_->metrics_.count(route_, status, micros);
  if (!desk_->log_) return;
  const bool is_known = route_ < routes().size();
  std::string line;
  const Names nobody({}, {});
  JsonWriter json(line, nobody);
  json.begin('{');
  json.member("time", std::string_view(time_text(desk_->clock_.wall_ms())));
  json.member("method", is_known ? http::name(routes()[route_].method) : "any");
  json.member("path", is_known ? routes()[route_].path : "other");
  json.member("status", status);
  json.member("micros", micros);
  json.member("request", request_);
  json.end('}');
  desk_->log_(line);
}

}  // namespace api
