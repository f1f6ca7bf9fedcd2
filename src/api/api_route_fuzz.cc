// Whatever path and query a client sends, divided by a '?': a route has the values of its path, and
// a question is read or refused.
#include "api/queries.h"
#include "api/routes.h"
#include "base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view target(reinterpret_cast<const char*>(data), size);
  const std::string_view path = target.substr(0, target.find('?'));
  const std::string_view query =
      path.size() == size ? std::string_view{} : target.substr(path.size() + 1);
  for (const http::Method method : {http::Method::get, http::Method::post, http::Method::del}) {
    const auto match = api::find_route(method, path);
    CHECK(match.has_value() ==
          (api::methods_of(path).find(http::name(method)) != std::string::npos));
    if (!match) continue;
    for (const std::string& value : match->values) CHECK(value.find('/') == value.npos);
    const auto question = api::read_question(*match, query);
    if (question) CHECK(question->query.size() <= http::query_fields_max);
  }
  if (const auto key = api::parse_order_key(path)) CHECK(api::to_string(*key) == path);
  return 0;
}
