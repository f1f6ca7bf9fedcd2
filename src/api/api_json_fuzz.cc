// Whatever bytes a client sends as a body: they are read or refused, and what is read is written
// and read again as the same. The first byte chooses the command.
#include "api/draft.h"
#include "api/json_read.h"
#include "api/json_write.h"
#include "api/routes.h"
#include "base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto routes = api::routes();
  const api::Route& route = routes[data[0] % routes.size()];
  if (route.duty != api::Duty::command) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool has_value = route.path.find('{') != route.path.npos;
  const api::Preset preset{route.word, has_value ? std::string_view("1") : std::string_view{}};
  const auto draft = api::read_command(route.kind, preset, body);
  if (!draft) return 0;
  // A line of a draft is the place of its product, so the draft names its own lines.
  std::vector<api::NamedLine> lines;
  for (std::uint32_t i = 0; i < draft->products.size(); ++i)
    lines.push_back({trade::LineNo{i}, draft->products[i]});
  std::string written;
  const api::Names names({}, lines);
  api::JsonWriter(written, names).value(draft->body);
  std::string again;
  api::JsonWriter(again, names).value(draft->body);
  CHECK(written == again && written.starts_with('{') && written.ends_with('}'));
  return 0;
}
