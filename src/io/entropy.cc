#include "io/entropy.h"

#include <sys/random.h>

#include "base/result.h"

namespace io {
namespace {

class RealEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    // getentropy gives at most 256 bytes a call.
    constexpr std::size_t call_bytes_max = 256;
    while (!bytes.empty()) {
      const std::size_t count = bytes.size() < call_bytes_max ? bytes.size() : call_bytes_max;
      CHECK(::getentropy(bytes.data(), count) == 0);
      bytes = bytes.subspan(count);
    }
  }
};

}  // namespace

Entropy& real_entropy() {
  static RealEntropy entropy;
  return entropy;
}

}  // namespace io
