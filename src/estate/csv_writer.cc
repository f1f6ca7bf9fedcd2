#include "estate/csv_writer.h"

#define ZLIB_CONST  // next_in points to bytes that are only read
#include <zlib.h>
#include <zstd.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

#include <fmt/core.h>

namespace estate {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t buffer_bytes = std::size_t{1}
                                     << 18;   // of text, and again of compressed bytes
constexpr std::size_t number_bytes_max = 24;  // the longest whole number, date or amount of money
constexpr int zstd_level = 3;
constexpr int gzip_level = 3;  // some five times as fast as the default, half as many bytes again
constexpr int gzip_window_bits =
    15 + 16;  // zlib writes a gzip header, and leaves its time stamp at zero

// Bytes on their way to the disk: as they are, or through a compressor that is fed in order.
class Sink {
 public:
  explicit Sink(std::unique_ptr<io::Writer> writer) : writer_(std::move(writer)) {}
  virtual ~Sink() = default;
  virtual Result<> write(std::string_view bytes) { return writer_->write(bytes); }
  virtual Result<> finish() { return writer_->finish(); }

 protected:
  std::unique_ptr<io::Writer> writer_;
};

class GzipSink final : public Sink {
 public:
  explicit GzipSink(std::unique_ptr<io::Writer> writer)
      : Sink(std::move(writer)), out_(buffer_bytes) {
    CHECK(deflateInit2(&stream_, gzip_level, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) ==
          Z_OK);
  }
  ~GzipSink() override { deflateEnd(&stream_); }
  Result<> write(std::string_view bytes) override { return compress(bytes, Z_NO_FLUSH); }
  Result<> finish() override {
    TRY(compress({}, Z_FINISH));
    return writer_->finish();
  }

 private:
  Result<> compress(std::string_view bytes, int flush) {
    stream_.next_in = reinterpret_cast<const Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      CHECK(deflate(&stream_, flush) != Z_STREAM_ERROR);
      TRY(writer_->write({out_.data(), out_.size() - stream_.avail_out}));
    } while (stream_.avail_out == 0);
    return {};
  }

  z_stream stream_{};
  std::vector<char> out_;
};

class ZstdSink final : public Sink {
 public:
  explicit ZstdSink(std::unique_ptr<io::Writer> writer)
      : Sink(std::move(writer)), context_(ZSTD_createCCtx()), out_(buffer_bytes) {
    CHECK(context_ != nullptr);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, zstd_level);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~ZstdSink() override { ZSTD_freeCCtx(context_); }
  Result<> write(std::string_view bytes) override { return compress(bytes, ZSTD_e_continue); }
  Result<> finish() override {
    TRY(compress({}, ZSTD_e_end));
    return writer_->finish();
  }

 private:
  Result<> compress(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_, &out, &in, directive);
      CHECK(!ZSTD_isError(left));
      TRY(writer_->write({out_.data(), out.pos}));
      if (directive == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
  }

  ZSTD_CCtx* context_;
  std::vector<char> out_;
};

std::unique_ptr<Sink> sink_for(const io::Path& path, std::unique_ptr<io::Writer> writer) {
  const auto extension = path.extension();
  if (extension == ".gz") return std::make_unique<GzipSink>(std::move(writer));
  if (extension == ".zst") return std::make_unique<ZstdSink>(std::move(writer));
  return std::make_unique<Sink>(std::move(writer));
}

// A field with a comma, a quote or a line end must be quoted.
bool needs_quotes(std::string_view value) {
  bool found = false;
  for (const char c : value) found |= c == ',' || c == '"' || c == '\n' || c == '\r';
  return found;
}

// Writes exactly `width` digits of a value that fits them.
char* put_digits(char* to, unsigned value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + width;
}

}  // namespace

struct CsvWriter::State {
  std::unique_ptr<Sink> sink;
  std::vector<char> buffer = std::vector<char>(buffer_bytes);
  std::size_t used = 0;
  std::uint64_t rows = 0;
  bool row_started = false;
  Result<> outcome;
  void (*tap)(void* context, std::string_view bytes) = nullptr;
  void* tap_context = nullptr;

  void flush() {
    const std::string_view bytes(buffer.data(), std::exchange(used, 0));
    if (bytes.empty()) return;
    if (tap != nullptr) tap(tap_context, bytes);
    if (outcome) outcome = sink->write(bytes);
  }
  // Room for `count` bytes, at most buffer_bytes; the caller moves `used` on.
  char* room(std::size_t count) {
    if (buffer.size() - used < count) flush();
    return buffer.data() + used;
  }
  void raw(std::string_view bytes) {
    if (bytes.empty()) return;  // its address may be null
    if (bytes.size() <= buffer.size() - used) {
      std::memcpy(buffer.data() + used, bytes.data(), bytes.size());
      used += bytes.size();
      return;
    }
    while (!bytes.empty()) {
      if (used == buffer.size()) flush();
      const std::size_t part = std::min(bytes.size(), buffer.size() - used);
      std::memcpy(buffer.data() + used, bytes.data(), part);
      used += part;
      bytes.remove_prefix(part);
    }
  }
  // Starts a field of at most number_bytes_max bytes: the comma before it is written here.
  char* start_number() {
    char* to = room(number_bytes_max + 1);
    if (std::exchange(row_started, true)) *to++ = ',';
    return to;
  }
  void end_number(const char* end) { used = static_cast<std::size_t>(end - buffer.data()); }
  void separate() {
    if (std::exchange(row_started, true)) raw(",");
  }
};

Result<CsvWriter> CsvWriter::create(io::Disk& disk, const io::Path& path, std::string_view header) {
  auto state = std::make_unique<State>();
  state->sink = sink_for(path, TRY(disk.create(path)));
  state->raw(header);
  state->raw("\n");
  return CsvWriter(std::move(state));
}

CsvWriter::CsvWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
CsvWriter::CsvWriter(CsvWriter&&) noexcept = default;
CsvWriter& CsvWriter::operator=(CsvWriter&&) noexcept = default;
CsvWriter::~CsvWriter() = default;

CsvWriter& CsvWriter::text(std::string_view value) {
  State& state = *state_;
  state.separate();
  if (!needs_quotes(value)) {
    state.raw(value);
    return *this;
  }
  state.raw("\"");
  for (std::size_t quote; (quote = value.find('"')) != std::string_view::npos;
       value.remove_prefix(quote + 1)) {
    state.raw(value.substr(0, quote));
    state.raw("\"\"");
  }
  state.raw(value);
  state.raw("\"");
  return *this;
}

CsvWriter& CsvWriter::whole(std::int64_t value) {
  char* to = state_->start_number();
  state_->end_number(std::to_chars(to, to + number_bytes_max, value).ptr);
  return *this;
}

CsvWriter& CsvWriter::date(base::Date value) {
  const base::YearMonthDay ymd = base::year_month_day(value);
  CHECK(ymd.year >= 0 && ymd.year <= 9999);
  char* to = put_digits(state_->start_number(), static_cast<unsigned>(ymd.year), 4);
  *to++ = '-';
  to = put_digits(to, static_cast<unsigned>(ymd.month), 2);
  *to++ = '-';
  state_->end_number(put_digits(to, static_cast<unsigned>(ymd.day), 2));
  return *this;
}

CsvWriter& CsvWriter::money(base::Money value) {
  const std::string digits = base::to_string(value);
  char* to = state_->start_number();
  std::memcpy(to, digits.data(), digits.size());
  state_->end_number(to + digits.size());
  return *this;
}

CsvWriter& CsvWriter::decimal(double value, int decimals) {
  CHECK(std::isfinite(value) && decimals >= 0);
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  if (digits.find_first_not_of("-0.") == std::string::npos && digits.starts_with('-'))
    digits.erase(0, 1);
  state_->separate();
  state_->raw(digits);
  return *this;
}

CsvWriter& CsvWriter::empty() {
  state_->separate();
  return *this;
}

void CsvWriter::end_row() {
  state_->raw("\n");
  state_->row_started = false;
  ++state_->rows;
}

std::uint64_t CsvWriter::rows() const { return state_->rows; }

Result<> CsvWriter::finish() {
  CHECK(!state_->row_started);
  state_->flush();
  TRY(std::exchange(state_->outcome, {}));
  return state_->sink->finish();
}

void CsvWriter::set_tap(void (*tap)(void* context, std::string_view bytes), void* context) {
  state_->tap = tap;
  state_->tap_context = context;
}

Result<> write_csv(io::Disk& disk, const io::Path& path, std::string_view header,
                   const std::function<Result<>(CsvWriter& csv)>& fill) {
  return io::replace_file(disk, path, [&](const io::Path& aside) -> Result<> {
    CsvWriter csv = TRY(CsvWriter::create(disk, aside, header));
    TRY(fill(csv));
    return csv.finish();
  });
}

}  // namespace estate
