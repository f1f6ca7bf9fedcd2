#include "base/result.h"

#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace base {
namespace {

struct Row {
  std::string_view name;
  int exit_code;
  std::string_view meaning;
};

constexpr Row catalogue[] = {
#define X(name, exit_code, meaning) {#name, exit_code, meaning},
#include "base/error.def"
#undef X
};

const Row& row(ErrorCode code) { return catalogue[static_cast<std::size_t>(code)]; }

}  // namespace

int error_code_count() { return static_cast<int>(std::size(catalogue)); }
std::string_view name(ErrorCode code) { return row(code).name; }
std::string_view meaning(ErrorCode code) { return row(code).meaning; }
int exit_code(ErrorCode code) { return row(code).exit_code; }

void check_failed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "stockade: internal error at %s:%d: %s does not hold\n", file, line,
               condition);
  std::abort();
}

}  // namespace base
