#pragma once
// Files that may be compressed: plain, .gz (zlib) or .zst (zstd), read piece by piece in bounded
// memory.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/disk.h"

namespace estate {

enum class Packing : std::uint8_t { plain, gz, zst };

// By the end of the name: "sales.csv.gz" is gz.
Packing packing_of(std::string_view file_name);
// The name without .gz or .zst.
std::string_view plain_name(std::string_view file_name);

// A reader of the uncompressed bytes; size_bytes() stays the packed size. Several gzip members or
// zstd frames in a row count as one stream. `file_name` stands in errors: input_bad for a stream
// that is broken or ends early.
std::unique_ptr<io::Reader> inflate(std::unique_ptr<io::Reader> packed, Packing packing,
                                    std::string file_name);

}  // namespace estate
