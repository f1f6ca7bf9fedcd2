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

// Before the client has it, so that whoever has an answer finds it counted.
void Exchange::answer(http::Response response) {
  tell(response.status);
  reply_.answer(std::move(response));
}

http::Stream Exchange::stream() {
  tell(200);
  return reply_.stream();
}

void Exchange::tell(int status) {
  const auto micros = static_cast<std::int64_t>((desk_->clock.seconds() - begin_seconds_) * 1e6);
  desk_->metrics.count(route_, status, micros);
  if (!desk_->log) return;
  const bool is_known = route_ < routes().size();
  std::string line;
  const Names nobody({}, {});
  JsonWriter json(line, nobody);
  json.begin('{');
  json.member("time", std::string_view(time_text(desk_->clock.wall_ms())));
  json.member("method", is_known ? http::name(routes()[route_].method) : "any");
  json.member("path", is_known ? routes()[route_].path : "other");
  json.member("status", status);
  json.member("micros", micros);
  json.member("request", request_);
  json.end('}');
  desk_->log(line);
}

}  // namespace api
