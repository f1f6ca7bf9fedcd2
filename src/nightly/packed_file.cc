#include "nightly/packed_file.h"

#include <zstd.h>

namespace nightly {
namespace {

constexpr int compression_level = 1;
constexpr std::uint64_t expansion_max = 10'000;  // no honest file packs better than this

}  // namespace

base::Result<> write_packed(io::Disk& disk, const io::Path& path, std::string_view bytes) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  CHECK(context != nullptr);
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, compression_level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const std::size_t size =
      ZSTD_compress2(context, packed.data(), packed.size(), bytes.data(), bytes.size());
  ZSTD_freeCCtx(context);
  CHECK(ZSTD_isError(size) == 0);
  packed.resize(size);
  return io::write_file(disk, path, packed);
}

base::Result<std::optional<std::string>> read_packed(io::Disk& disk, const io::Path& path) {
  const std::string packed = TRY(io::read_file(disk, path));
  const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
      size / expansion_max > packed.size())
    return std::optional<std::string>{};
  std::string bytes(size, '\0');
  const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) != 0 || got != size) return std::optional<std::string>{};
  return std::optional(std::move(bytes));
}

}  // namespace nightly
