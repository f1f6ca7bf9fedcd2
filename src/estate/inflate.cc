#include "estate/inflate.h"

#include <fmt/core.h>
#include <zlib.h>
#include <zstd.h>

namespace estate {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t packed_piece_bytes = 256 * 1024;

// The packed side of both formats: one piece of input at a time.
class PackedReader : public io::Reader {
 public:
  PackedReader(std::unique_ptr<io::Reader> packed, std::string file_name)
      : packed_(std::move(packed)), file_name_(std::move(file_name)), piece_(packed_piece_bytes) {}
  std::uint64_t size_bytes() const override { return packed_->size_bytes(); }

 protected:
  // The next piece, empty at the end.
  Result<std::span<char>> next_piece() {
    return std::span(piece_).first(TRY(packed_->read(piece_)));
  }
  std::unexpected<base::Error> broken(std::string_view why) const {
    return base::fail(ErrorCode::input_bad,
                      fmt::format("{}: the compressed stream is broken: {}", file_name_, why));
  }
  std::unexpected<base::Error> ends_early() const {
    return base::fail(ErrorCode::input_bad,
                      fmt::format("{}: the compressed stream ends too early", file_name_));
  }

 private:
  std::unique_ptr<io::Reader> packed_;
  std::string file_name_;
  std::vector<char> piece_;
};

class GzReader final : public PackedReader {
 public:
  GzReader(std::unique_ptr<io::Reader> packed, std::string file_name)
      : PackedReader(std::move(packed), std::move(file_name)) {
    constexpr int gzip_only = 16 + MAX_WBITS;
    CHECK(inflateInit2(&stream_, gzip_only) == Z_OK);
  }
  ~GzReader() override { inflateEnd(&stream_); }

  Result<std::size_t> read(std::span<char> into) override {
    constexpr std::size_t room_max = 1 << 30;
    const std::size_t room = std::min(into.size(), room_max);
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(room);
    while (stream_.avail_out == room) {
      if (stream_.avail_in == 0) {
        const auto piece = TRY(next_piece());
        if (piece.empty()) {
          if (!member_ended_) return ends_early();
          return 0;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(piece.data());
        stream_.avail_in = static_cast<uInt>(piece.size());
      }
      if (member_ended_) inflateReset(&stream_);
      const int outcome = ::inflate(&stream_, Z_NO_FLUSH);
      member_ended_ = outcome == Z_STREAM_END;
      if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR)
        return broken(stream_.msg != nullptr ? stream_.msg : zError(outcome));
    }
    return room - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool member_ended_ = false;
};

class ZstReader final : public PackedReader {
 public:
  ZstReader(std::unique_ptr<io::Reader> packed, std::string file_name)
      : PackedReader(std::move(packed), std::move(file_name)), stream_(ZSTD_createDStream()) {
    CHECK(stream_ != nullptr);
  }
  ~ZstReader() override { ZSTD_freeDStream(stream_); }

  Result<std::size_t> read(std::span<char> into) override {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos == 0) {
      // A full output buffer may have left decoded bytes inside, so decoding comes before reading.
      if (in_.pos == in_.size && !more_inside_) {
        const auto piece = TRY(next_piece());
        if (piece.empty()) {
          if (!frame_ended_) return ends_early();
          return 0;
        }
        in_ = {piece.data(), piece.size(), 0};
      }
      const std::size_t outcome = ZSTD_decompressStream(stream_, &out, &in_);
      if (ZSTD_isError(outcome)) return broken(ZSTD_getErrorName(outcome));
      frame_ended_ = outcome == 0;
      more_inside_ = !frame_ended_ && out.pos == out.size;
    }
    return out.pos;
  }

 private:
  ZSTD_DStream* stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool frame_ended_ = false;
  bool more_inside_ = false;
};

}  // namespace

Packing packing_of(std::string_view file_name) {
  if (file_name.ends_with(".gz")) return Packing::gz;
  if (file_name.ends_with(".zst")) return Packing::zst;
  return Packing::plain;
}

std::string_view plain_name(std::string_view file_name) {
  switch (packing_of(file_name)) {
    case Packing::gz:
      return file_name.substr(0, file_name.size() - 3);
    case Packing::zst:
      return file_name.substr(0, file_name.size() - 4);
    case Packing::plain:
      break;
  }
  return file_name;
}

std::unique_ptr<io::Reader> inflate(std::unique_ptr<io::Reader> packed, Packing packing,
                                    std::string file_name) {
  switch (packing) {
    case Packing::gz:
      return std::make_unique<GzReader>(std::move(packed), std::move(file_name));
    case Packing::zst:
      return std::make_unique<ZstReader>(std::move(packed), std::move(file_name));
    case Packing::plain:
      break;
  }
  return packed;
}

}  // namespace estate
