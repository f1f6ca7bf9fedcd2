#pragma once
// Files that only some people can open: sealed and opened by the program age (Debian's package
// age), whose keys no site ever sees.

#include "base/result.h"
#include "io/disk.h"

namespace site {

// Seals a file for everybody whose public key stands in `recipients`. Error: io_failed, with what
// age said.
base::Result<> seal_with_age(const io::Path& plain, const io::Path& recipients, const io::Path& to);

// Opens a sealed file with a secret key. What comes out has no rights of its own: `to` belongs into
// a private folder. Error: io_failed, as above.
base::Result<> open_with_age(const io::Path& sealed, const io::Path& identity, const io::Path& to);

}  // namespace site
