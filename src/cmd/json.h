#pragma once
// JSON out: one object on a command's standard output.

#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace cmd {

// Keys keep the order in which they are set.
using Json = nlohmann::ordered_json;

// Prints the value and a line end. Bytes that are not UTF-8 become U+FFFD instead of an exception.
inline void print(const Json& value) {
  fmt::print("{}\n", value.dump(2, ' ', false, Json::error_handler_t::replace));
}

// The same as one line, for a log.
inline std::string line_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cmd
