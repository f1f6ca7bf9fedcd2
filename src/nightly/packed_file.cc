#include "nightly/packed_file.h"

#include <zstd.h>

namespace nightly {
namespace {

constexpr int compression_level = 1;
constexpr std::uint64_t expansion_max = 10'000;  // no honest file packs better than this

}  // namespace

std::string packed(std::string_view bytes) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  CHECK(context != nullptr);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, compression_level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string packed;
  packed.resize_and_overwrite(ZSTD_compressBound(bytes.size()), [&](char* into, std::size_t bound) {
    const std::size_t size = ZSTD_compress2(context, into, bound, bytes.data(), bytes.size());
    CHECK(ZSTD_isError(size) == 0);
    return size;
  });
  ZSTD_freeCCtx(context);
  return packed;
}

base::Result<std::string> read_packed_front(io::Disk& disk, const io::Path& path) {
  const auto reader = TRY(disk.open(path));
  std::string packed(2 * ZSTD_BLOCKSIZE_MAX, '\0');  // holds the first block in any case
  std::size_t size = 0;
  while (size < packed.size()) {
    const std::size_t got = TRY(reader->read(std::span(packed).subspan(size)));
    if (got == 0) break;
    size += got;
  }
  std::string bytes(ZSTD_BLOCKSIZE_MAX, '\0');
  ZSTD_DCtx* context = ZSTD_createDCtx();
  CHECK(context != nullptr);
  ZSTD_inBuffer in{packed.data(), size, 0};
  ZSTD_outBuffer out{bytes.data(), bytes.size(), 0};
  while (out.pos < out.size && in.pos < in.size)
    if (ZSTD_isError(ZSTD_decompressStream(context, &out, &in)) != 0) break;
  ZSTD_freeDCtx(context);
  bytes.resize(out.pos);
  return bytes;
}

base::Result<std::optional<std::string>> read_packed(io::Disk& disk, const io::Path& path) {
  const std::string packed = TRY(io::read_file(disk, path));
  const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
      size / expansion_max > packed.size())
    return std::optional<std::string>{};
  std::string bytes;
  std::size_t got = 0;
  bytes.resize_and_overwrite(size, [&](char* into, std::size_t room) {
    got = ZSTD_decompress(into, room, packed.data(), packed.size());
    return ZSTD_isError(got) != 0 ? 0 : got;
  });
  if (ZSTD_isError(got) != 0 || got != size) return std::optional<std::string>{};
  return std::optional(std::move(bytes));
}

}  // namespace nightly
