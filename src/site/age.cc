#include "site/age.h"

#include <string>
#include <vector>

#include "io/program.h"

namespace site {

base::Result<> seal_with_age(const io::Path& plain, const io::Path& recipients,
                             const io::Path& to) {
  return io::must_run(std::vector<std::string>{"age", "--encrypt", "--recipients-file",
                                               recipients.string(), "--output", to.string(),
                                               plain.string()});
}

base::Result<> open_with_age(const io::Path& sealed, const io::Path& identity, const io::Path& to) {
  return io::must_run(std::vector<std::string>{"age", "--decrypt", "--identity", identity.string(),
                                               "--output", to.string(), sealed.string()});
}

}  // namespace site
