#include "site/told_file.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "crypto/sha256.h"

namespace site {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view first_line = "stockade outbox 1\n";
constexpr std::size_t check_digits = 8;

// "17 ready 86400001 1f2e3d4c\n": the last word checks the others.
std::string line_of(const ToldFact& told) {
  const std::string words =
      fmt::format("{} {} {}", told.order, word_of(told.fact.kind), told.fact.number);
  return fmt::format("{} {}\n", words,
                     crypto::to_hex(crypto::sha256(words)).substr(0, check_digits));
}

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end.ptr - text.data()));
  if (!text.empty()) text.remove_prefix(1);
  return true;
}

// Nothing for anything but what line_of writes.
std::optional<ToldFact> parse_line(std::string_view line) {
  ToldFact told;
  std::string_view rest = line;
  if (!take_number(rest, told.order)) return std::nullopt;
  const std::string_view word = rest.substr(0, rest.find(' '));
  std::size_t kind = 0;
  while (kind < notice_kinds && word_of(static_cast<NoticeKind>(kind)) != word) ++kind;
  if (kind == notice_kinds) return std::nullopt;
  told.fact.kind = static_cast<NoticeKind>(kind);
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  if (!take_number(rest, told.fact.number) || line_of(told) != line) return std::nullopt;
  return told;
}

}  // namespace

void ToldFile::take(const ToldFact& told) {
  std::int64_t& highest = told_[told.order][static_cast<std::size_t>(told.fact.kind)];
  highest = std::max(highest, told.fact.number);
}

bool ToldFile::is_told(std::uint32_t order, const Fact& fact) const {
  const auto row = told_.find(order);
  return row != told_.end() && row->second[static_cast<std::size_t>(fact.kind)] >= fact.number;
}

Result<std::optional<ToldFile>> ToldFile::open(io::Disk& disk, const io::Path& path) {
  if (!disk.exists(path)) return std::nullopt;
  const std::string bytes = TRY(io::read_file(disk, path));
  std::string_view rest = bytes;
  if (!rest.starts_with(first_line))
    return base::fail(ErrorCode::input_bad, path.string() + ": is no list of what was told");
  rest.remove_prefix(first_line.size());
  ToldFile made;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1);
    if (line.empty()) break;  // torn: what comes next is written over it
    // A whole line that does not hold has rotted; the others still say what they say.
    if (const auto told = parse_line(line)) made.take(*told);
    rest.remove_prefix(line.size());
  }
  made.size_ = bytes.size() - rest.size();
  made.file_ = TRY(disk.open_file(path));
  TRY(made.file_->truncate(made.size_));
  return std::optional(std::move(made));
}

Result<ToldFile> ToldFile::make(io::Disk& disk, const io::Path& path,
                                std::span<const ToldFact> told) {
  std::string bytes(first_line);
  for (const ToldFact& one : told) bytes += line_of(one);
  TRY(io::write_file(disk, path, bytes));
  auto made = TRY(open(disk, path));
  if (!made) return base::fail(ErrorCode::io_failed, path.string() + ": is not there");
  return *std::move(made);
}

Result<> ToldFile::note(const ToldFact& told) {
  const std::string line = line_of(told);
  TRY(file_->write_at(size_, line));
  TRY(file_->sync());
  size_ += line.size();
  take(told);
  return {};
}

}  // namespace site
