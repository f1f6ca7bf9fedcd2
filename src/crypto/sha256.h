#pragma once
// SHA-256 in pieces, over OpenSSL.

#include <memory>
#include <string>
#include <string_view>

namespace crypto {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::string_view bytes);
  // The digest of all bytes so far, in 64 lower-case hexadecimal digits. Ends this object's use.
  std::string finish_hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace crypto
