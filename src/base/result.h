#pragma once
// Results that must be looked at: the world's failures as values, bugs as CHECK.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace base {

enum class ErrorCode : std::uint8_t {
#define X(name, exit_code, meaning) name,
#include "base/error.def"
#undef X
};

// How many codes the catalogue has; codes count from 0.
int error_code_count();
// The catalogue's name of a code, for example "input_bad".
std::string_view name(ErrorCode code);
// The catalogue's sentence of a code.
std::string_view meaning(ErrorCode code);
// The exit code that a command ends with.
int exit_code(ErrorCode code);

struct Error {
  ErrorCode code;
  std::string message;  // one line, for a person: what, where, what was expected
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

// Prints what failed and stops the process, in release builds too.
[[noreturn]] void check_failed(const char* file, int line, const char* condition);

}  // namespace base

// A condition that only a bug can break.
#define CHECK(condition)                                                    \
  do {                                                                      \
    if (!(condition)) ::base::check_failed(__FILE__, __LINE__, #condition); \
  } while (false)

// The value of a Result, or of any std::expected; or return its error from the enclosing function.
#define TRY(expression)                                                       \
  __extension__({                                                             \
    auto&& try_result_ = (expression);                                        \
    if (!try_result_) return std::unexpected(std::move(try_result_).error()); \
    ::base::unwrap(std::move(try_result_));                                   \
  })

namespace base {
template <class T, class E>
T unwrap(std::expected<T, E>&& result) {
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}
}  // namespace base
