#pragma once
// The rules of the house that a compiler does not check, as functions from text to complaints.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

// Folder of src/ -> the folders that it may include.
using Uses = std::map<std::string, std::vector<std::string>, std::less<>>;

// One broken rule, as "path:line: what is wrong"; the line is left out where it means nothing.
using Complaints = std::vector<std::string>;

// The house_folder(NAME USES other...) lines of the text of CMakeLists.txt.
Uses parse_uses(std::string_view cmake);

// A folder that is used but not declared, or a chain of folders that comes back to its start.
Complaints check_uses(const Uses& uses);

// Everything below takes a path from the root of the repository, with "/" between its parts, and
// the whole text of that file.

// Includes of src/: "folder/file" only, own folder or one that USES lists; system calls only in io;
// no clock, chance, file or thread in planner.
Complaints check_includes(const Uses& uses, std::string_view path, std::string_view text);

// Length of the file (800 lines) and of each line (100 columns); a header's first two lines.
Complaints check_shape(std::string_view path, std::string_view text);

// Absolute paths of somebody's machine, and hosts that are not on the short list of those that a
// reader may be sent to.
Complaints check_places(std::string_view path, std::string_view text);

// True for source that people write here: C++, CMake and shell. Only these have a shape.
bool is_code(std::string_view path);

}  // namespace tidy
