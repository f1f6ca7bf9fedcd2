#include "estate/csv.h"

#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace estate {
namespace {

constexpr std::string_view stray_quote =
    "a quote inside a field that does not begin with one; expected the field in quotes, with its "
    "own quotes doubled";
constexpr std::string_view text_after_quote =
    "text after a closing quote; expected a comma or the end of the line";
constexpr std::string_view never_closed =
    "a quoted field is not closed within 262,144 bytes or before the end of the file";
constexpr std::string_view record_too_long = "a row of more than 262,144 bytes (record_bytes_max)";
constexpr std::string_view field_too_long = "a field of more than 16,384 bytes (field_bytes_max)";
constexpr std::string_view too_many_fields = "more than 256 fields (columns_max)";
static_assert(record_bytes_max == 262144 && field_bytes_max == 16384 && columns_max == 256);

// The first comma, line feed or quote in [at, end), or end.
char* find_mark(char* at, char* end) {
#if defined(__SSE2__)
  const __m128i comma = _mm_set1_epi8(','), feed = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i marks =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, comma), _mm_cmpeq_epi8(bytes, feed)),
                     _mm_cmpeq_epi8(bytes, quote));
    const int mask = _mm_movemask_epi8(marks);
    if (mask != 0) return at + __builtin_ctz(static_cast<unsigned>(mask));
  }
#endif
  while (at != end && *at != ',' && *at != '\n' && *at != '"') ++at;
  return at;
}

// How many bytes of `block`, which begins at a record, are whole records: up to its last line end
// outside quotes.
std::size_t whole_records(std::string_view block) {
  const char* const begin = block.data();
  const char* const end = begin + block.size();
  const char* whole = begin;
  const auto look_back = [&](const char* from, const char* to) {
    const void* feed = ::memrchr(from, '\n', static_cast<std::size_t>(to - from));
    if (feed != nullptr) whole = static_cast<const char*>(feed) + 1;
  };
  const auto next_quote = [&](const char* from) {
    const void* quote = std::memchr(from, '"', static_cast<std::size_t>(end - from));
    return quote == nullptr ? end : static_cast<const char*>(quote);
  };
  const char* outside = begin;  // up to here every byte is judged, and it is outside quotes
  for (const char* quote = next_quote(begin); quote != end; quote = next_quote(outside)) {
    look_back(outside, quote);
    outside = quote + 1;
    if (quote != begin && quote[-1] != ',' && quote[-1] != '\n') continue;
    const char* closing = next_quote(quote + 1);
    while (closing != end && closing + 1 != end && closing[1] == '"')
      closing = next_quote(closing + 2);
    if (closing == end) return static_cast<std::size_t>(whole - begin);
    outside = closing + 1;
  }
  look_back(outside, end);
  return static_cast<std::size_t>(whole - begin);
}

}  // namespace

// Leaves at_ on the mark behind the field.
std::string_view CsvCursor::plain_field(Record& record) {
  char* const from = at_;
  at_ = find_mark(at_, end_);
  while (at_ != end_ && *at_ == '"') {
    record.problem = stray_quote;
    at_ = find_mark(at_ + 1, end_);
  }
  char* to = at_;
  if (to != from && to[-1] == '\r' && (at_ == end_ || *at_ == '\n')) --to;
  return {from, static_cast<std::size_t>(to - from)};
}

std::string_view CsvCursor::quoted_field(Record& record) {
  char* const from = ++at_;
  char* to = from;
  while (true) {
    char* const quote =
        static_cast<char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    char* const stop = quote == nullptr ? end_ : quote;
    lines_ += static_cast<std::uint64_t>(std::count(at_, stop, '\n'));
    const auto length = static_cast<std::size_t>(stop - at_);
    if (to != at_) std::memmove(to, at_, length);
    to += length;
    at_ = stop;
    if (quote == nullptr) {
      record.problem = never_closed;
      record.fatal = true;
      break;
    }
    ++at_;
    if (at_ == end_ || *at_ != '"') break;
    *to++ = *at_++;
  }
  const std::string_view field(from, static_cast<std::size_t>(to - from));
  if (!record.fatal && !plain_field(record).empty() && record.problem.empty())
    record.problem = text_after_quote;
  return field;
}

// Steps over the mark behind a field; false when it ended the record.
bool CsvCursor::end_field() {
  if (at_ == end_) return false;
  const bool comma = *at_ == ',';
  lines_ += !comma;
  ++at_;
  return comma;
}

// As most records are: one line without quotes that ends within the next 64 bytes, whose marks are
// found all at once. False, with nothing taken, for any other.
bool CsvCursor::next_short(Record& record) {
#if defined(__SSE2__)
  constexpr std::size_t looked_at = 64, step = 16;
  if (static_cast<std::size_t>(end_ - at_) < looked_at) return false;
  const __m128i comma = _mm_set1_epi8(','), feed = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
  std::uint64_t commas = 0, feeds = 0, quotes = 0;
  for (std::size_t i = 0; i < looked_at; i += step) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at_ + i));
    const auto marks = [&](__m128i mark) {
      return std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, mark)))}
             << i;
    };
    commas |= marks(comma);
    feeds |= marks(feed);
    quotes |= marks(quote);
  }
  if (feeds == 0) return false;
  const std::uint64_t before = (feeds & -feeds) - 1;  // one bit for each byte before the line end
  if ((quotes & before) != 0) return false;
  const char* field = at_;
  std::string_view* into = record.fields.data();
  for (std::uint64_t left = commas & before; left != 0; left &= left - 1) {
    const char* const to = at_ + std::countr_zero(left);
    *into++ = {field, to};
    field = to + 1;
  }
  char* const to = at_ + std::countr_zero(feeds);
  *into++ = {field, to - (to != field && to[-1] == '\r')};
  record.count = static_cast<std::size_t>(into - record.fields.data());
  at_ = to + 1;
  ++lines_;
  return true;
#else
  return false;
#endif
}

bool CsvCursor::skip_plain() {
  const auto length = std::min(static_cast<std::size_t>(end_ - at_), field_bytes_max);
  auto* const feed = static_cast<char*>(std::memchr(at_, '\n', length));
  if (feed == nullptr || std::memchr(at_, '"', static_cast<std::size_t>(feed - at_)) != nullptr)
    return false;
  at_ = feed + 1;
  ++lines_;
  return true;
}

bool CsvCursor::next(Record& record) {
  while (true) {
    if (at_ == end_) return false;
    const char* const from = at_;
    record.line = lines_;
    record.count = 0;
    record.problem = {};
    record.fatal = false;
    bool more = !next_short(record);
    while (more) {
      const bool quoted = at_ != end_ && *at_ == '"';
      const std::string_view field = quoted ? quoted_field(record) : plain_field(record);
      if (record.count == columns_max) record.problem = too_many_fields;
      if (record.count < columns_max) record.fields[record.count++] = field;
      more = end_field();
    }
    const auto length = static_cast<std::size_t>(at_ - from);
    if (record.count == 1 && length <= 2 && record.fields[0].empty() && *from != '"') continue;
    if (length > record_bytes_max) {
      record.fatal = true;
      if (record.problem != never_closed) record.problem = record_too_long;
    } else if (length > field_bytes_max && record.problem.empty()) {
      for (std::size_t i = 0; i < record.count; ++i)
        if (record.fields[i].size() > field_bytes_max) record.problem = field_too_long;
    }
    return true;
  }
}

base::Result<bool> CsvBlocks::next(std::vector<char>& block) {
  if (ended_ && rest_.empty()) return false;
  block.resize(size_);
  std::copy(rest_.begin(), rest_.end(), block.begin());
  std::size_t size = rest_.size();
  while (!ended_ && size < size_) {
    const std::size_t got = TRY(reader_->read(std::span(block).subspan(size)));
    if (tap_) tap_({block.data() + size, got});
    size += got;
    ended_ = got == 0;
  }
  block.resize(size);
  rest_.clear();
  if (std::exchange(first_, false) &&
      std::string_view(block.data(), size).starts_with("\xef\xbb\xbf"))
    block.erase(block.begin(), block.begin() + 3);
  if (ended_) return !block.empty();
  const std::size_t whole = whole_records({block.data(), block.size()});
  if (whole == 0) {
    ended_ = true;
    return true;
  }
  rest_.assign(block.begin() + static_cast<std::ptrdiff_t>(whole), block.end());
  block.resize(whole);
  return true;
}

}  // namespace estate
