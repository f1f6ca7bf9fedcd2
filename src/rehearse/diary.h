#pragma once
// The diary of a rehearsal: every happening as a line of text, in order. Its digest tells whether
// two runs were the same.

#include <string>
#include <string_view>

#include <fmt/core.h>

#include "crypto/sha256.h"

namespace rehearse {

class Diary {
 public:
  // With `prints`, each line goes to standard output as well.
  explicit Diary(bool prints) : prints_(prints) {}

  template <class... Parts>
  void note(fmt::format_string<Parts...> form, Parts&&... parts) {
    line_.clear();
    fmt::format_to(std::back_inserter(line_), form, std::forward<Parts>(parts)...);
    line_ += '\n';
    if (prints_) fmt::print("{}", line_);
    hash_.add(line_);
  }
  // Bytes that happened, too many to be printed.
  void weigh(std::string_view bytes) { hash_.add(bytes); }
  // Of everything so far; the diary ends with it.
  std::string finish() { return hash_.finish_hex(); }

 private:
  bool prints_;
  std::string line_;
  crypto::Sha256 hash_;
};

}  // namespace rehearse
