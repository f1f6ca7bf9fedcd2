#pragma once
// Writes a copy's tables: the estate as its folder says it, with what the journals know in place of
// what the folder says of the same.

#include <string>
#include <vector>

#include "base/date.h"
#include "estate/estate.h"
#include "io/disk.h"
#include "vault/claim.h"
#include "vault/own_rows.h"

namespace vault {

struct WrittenFile {
  std::string name;
  std::vector<std::string> columns;  // empty for a file that is no table
  std::uint64_t rows = 0;
  FileDigest digest;
};

struct WrittenFolder {
  std::vector<WrittenFile> files;
  std::vector<std::string> left_out;  // what could not be written in this format, for a person
};

struct FolderOptions {
  io::Path estate;        // the folder that `estate` was read from, leniently
  base::Date as_of;       // of sites whose journal has not begun a day
  base::Date sales_from;  // older sales stay out
};

// Fills `to`, a new folder. Errors: input_bad for more bad rows in the estate's folder than can be
// told apart; input_missing, io_failed.
base::Result<WrittenFolder> write_folder(io::Disk& disk, const estate::Estate& estate,
                                         const Known& known, const FolderOptions& options,
                                         const io::Path& to);

// Writes a file that is no table, and says what was written.
base::Result<WrittenFile> write_plain(io::Disk& disk, const io::Path& to, const std::string& name,
                                      std::string_view bytes);

}  // namespace vault
