#include "tests/tidy.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <regex>
#include <set>
#include <span>

#include <fmt/core.h>

namespace tidy {
namespace {

constexpr std::size_t file_lines_max = 800;
constexpr std::size_t line_columns_max = 100;

// Doors to the operating system. A folder that opens one is on the list below.
constexpr std::array<std::string_view, 13> system_headers{
    "aio.h", "dirent.h", "dlfcn.h",  "fcntl.h", "ifaddrs.h", "netdb.h",  "poll.h",
    "pwd.h", "sched.h",  "signal.h", "spawn.h", "termios.h", "unistd.h",
};
constexpr std::array<std::string_view, 4> system_folders{"sys/", "net/", "netinet/", "arpa/"};

struct Exception {
  std::string_view folder, header, reason;
};
constexpr std::array exceptions{
    Exception{"cmd", "unistd.h", "isatty: progress is drawn only for a person"},
    Exception{"cmd", "sys/resource.h", "getrusage: the peak memory of a run is reported"},
};

constexpr std::array<std::string_view, 4> impure_headers{"chrono", "random", "fstream", "thread"};

// Hosts that text may name: licences, name spaces of formats, sources of formulas, and names that
// lead nowhere.
constexpr std::array<std::string_view, 8> allowed_hosts{
    "www.apache.org", "www.w3.org",   "howardhinnant.github.io",
    "localhost",      "127.0.0.1",    "example.com",
    "example.org",    "example.test",
};

// Hosts that serve packages; they are caught without http:// before them as well. In two parts, so
// that this file may be judged like any other.
struct Registry {
  std::string_view name, top;
};
constexpr std::array registries{
    Registry{"debian", "org"}, Registry{"ubuntu", "com"},       Registry{"npmjs", "org"},
    Registry{"npmjs", "com"},  Registry{"pypi", "org"},         Registry{"crates", "io"},
    Registry{"golang", "org"}, Registry{"pythonhosted", "org"}, Registry{"docker", "io"},
};

// Top folders of a machine's disk. Each is a place only when nothing of a path stands before it.
constexpr std::array<std::string_view, 6> machine_folders{"work", "tmp", "root",
                                                          "home", "mnt", "Users"};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

bool contains(std::span<const std::string_view> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Columns as people see them: a UTF-8 continuation byte takes none.
std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
  }));
}

std::string complaint(std::string_view path, std::size_t line, std::string_view what) {
  return fmt::format("{}:{}: {}", path, line, what);
}

struct Include {
  bool quoted;
  std::string target;
};

std::optional<Include> parse_include(std::string_view line) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  std::match_results<std::string_view::const_iterator> match;
  if (!std::regex_match(line.begin(), line.end(), match, pattern)) return std::nullopt;
  return Include{match.str(1) == "\"", match.str(2)};
}

// "estate" for "src/estate/read/csv.cc"; empty for what is not in a folder of src/.
std::string_view folder_of(std::string_view path) {
  constexpr std::string_view top = "src/";
  if (!path.starts_with(top)) return {};
  path.remove_prefix(top.size());
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

bool is_system_header(std::string_view header) {
  return contains(system_headers, header) ||
         std::any_of(system_folders.begin(), system_folders.end(),
                     [&](std::string_view folder) { return header.starts_with(folder); });
}

bool may_call_system(std::string_view folder, std::string_view header) {
  return folder == "io" || std::any_of(exceptions.begin(), exceptions.end(), [&](Exception e) {
           return e.folder == folder && e.header == header;
         });
}

std::optional<std::string> judge_quoted(const Uses& uses, std::string_view folder,
                                        std::string_view target) {
  const std::size_t slash = target.find('/');
  if (slash == std::string_view::npos)
    return fmt::format("\"{}\" is included without its folder", target);
  const std::string_view other = target.substr(0, slash);
  const auto row = uses.find(folder);
  if (row == uses.end()) return fmt::format("src/{} has no house_folder line", folder);
  const auto& listed = row->second;
  if (other == folder || std::find(listed.begin(), listed.end(), other) != listed.end())
    return std::nullopt;
  return fmt::format("{} may not include {} (see house_folder in CMakeLists.txt)", folder, other);
}

// Tests of pure folders may read their golden files.
std::optional<std::string> judge_angled(std::string_view folder, std::string_view header,
                                        bool is_test) {
  if (is_system_header(header) && !may_call_system(folder, header))
    return fmt::format("<{}> is for io only", header);
  const bool is_pure = folder == "planner" || folder == "trade" || folder == "selling";
  if (is_pure && contains(impure_headers, header) && !(is_test && header == "fstream"))
    return fmt::format("{} is pure and has no use for <{}>", folder, header);
  return std::nullopt;
}

// Depth first from `folder`; `trail` holds the folders from the start to here.
void find_cycles(const Uses& uses, const std::string& folder, std::vector<std::string>& trail,
                 std::set<std::string>& done, Complaints& complaints) {
  if (const auto seen = std::find(trail.begin(), trail.end(), folder); seen != trail.end()) {
    std::string chain;
    for (auto it = seen; it != trail.end(); ++it) chain += *it + " -> ";
    complaints.push_back(fmt::format("CMakeLists.txt: folders in a circle: {}{}", chain, folder));
    return;
  }
  const auto row = uses.find(folder);
  if (row == uses.end() || done.contains(folder)) return;
  trail.push_back(folder);
  for (const auto& next : row->second) find_cycles(uses, next, trail, done, complaints);
  trail.pop_back();
  done.insert(folder);
}

void check_header_top(std::string_view path, std::span<const std::string_view> lines,
                      Complaints& complaints) {
  if (lines.empty() || lines[0] != "#pragma once")
    complaints.push_back(complaint(path, 1, "a header begins with #pragma once"));
  if (lines.size() < 2 || !lines[1].starts_with("// ") || lines[1].size() < 10)
    complaints.push_back(complaint(path, 2, "line 2 of a header says what the file is for"));
}

// Hosts of http and https addresses, without port.
std::vector<std::string> hosts_of(std::string_view line) {
  static const std::regex pattern(R"(https?://([A-Za-z0-9.-]+))");
  std::vector<std::string> hosts;
  using Iterator = std::regex_iterator<std::string_view::const_iterator>;
  for (Iterator it(line.begin(), line.end(), pattern), end; it != end; ++it)
    hosts.push_back(it->str(1));
  return hosts;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// True where the line holds "/folder" from the root of a disk on, not as the tail of a longer path
// ("build/tmp", "${dir}/tmp") and not as the beginning of a longer word.
bool names_machine_folder(std::string_view line, std::string_view folder) {
  constexpr std::string_view path_goes_on = ".-)}>*";
  const std::string place = fmt::format("/{}", folder);
  for (std::size_t at = line.find(place); at != std::string_view::npos;
       at = line.find(place, at + 1)) {
    const std::size_t after = at + place.size();
    const bool is_tail =
        at > 0 && (is_word(line[at - 1]) || path_goes_on.find(line[at - 1]) != path_goes_on.npos);
    const bool is_longer = after < line.size() && (is_word(line[after]) || line[after] == '-');
    if (!is_tail && !is_longer) return true;
  }
  return false;
}

// Go names its packages after hosts; such a line is a name, and nothing is fetched from there.
bool is_go_import(std::string_view path, std::string_view line) {
  return path.ends_with(".go") && line.starts_with("\t\"") && line.ends_with('"');
}

}  // namespace

Uses parse_uses(std::string_view cmake) {
  // A list that is long goes on in the next line.
  static const std::regex pattern(R"((^|\n)house_folder\(\s*(\w+)\s+USES((?:\s+\w+)*)\s*\))");
  static const std::regex word(R"(\w+)");
  Uses uses;
  const std::string text(cmake);
  for (std::sregex_iterator line(text.begin(), text.end(), pattern), last; line != last; ++line) {
    auto& listed = uses[line->str(2)];
    const std::string rest = line->str(3);
    for (std::sregex_iterator it(rest.begin(), rest.end(), word), end; it != end; ++it)
      listed.push_back(it->str());
  }
  return uses;
}

Complaints check_uses(const Uses& uses) {
  Complaints complaints;
  for (const auto& [folder, listed] : uses)
    for (const auto& other : listed)
      if (!uses.contains(other))
        complaints.push_back(
            fmt::format("CMakeLists.txt: {} uses {}, which is not declared", folder, other));
  std::set<std::string> done;
  std::vector<std::string> trail;
  for (const auto& [folder, listed] : uses) find_cycles(uses, folder, trail, done, complaints);
  return complaints;
}

Complaints check_includes(const Uses& uses, std::string_view path, std::string_view text) {
  Complaints complaints;
  const std::string_view folder = folder_of(path);
  if (folder.empty()) return complaints;
  const bool is_test = path.ends_with("_test.cc");
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto include = parse_include(lines[i]);
    if (!include) continue;
    const auto wrong = include->quoted ? judge_quoted(uses, folder, include->target)
                                       : judge_angled(folder, include->target, is_test);
    if (wrong) complaints.push_back(complaint(path, i + 1, *wrong));
  }
  return complaints;
}

bool is_code(std::string_view path) {
  constexpr std::array<std::string_view, 5> endings{".h", ".cc", ".def", ".cmake", ".sh"};
  return path == "dev" || path == ".ci/run" || path.ends_with("CMakeLists.txt") ||
         std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

Complaints check_shape(std::string_view path, std::string_view text) {
  Complaints complaints;
  if (!is_code(path)) return complaints;
  const auto lines = lines_of(text);
  if (lines.size() > file_lines_max)
    complaints.push_back(
        fmt::format("{}: {} lines; {} are allowed", path, lines.size(), file_lines_max));
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (const std::size_t wide = columns(lines[i]); wide > line_columns_max)
      complaints.push_back(complaint(
          path, i + 1, fmt::format("{} columns; {} are allowed", wide, line_columns_max)));
  const bool is_precompiled = path.starts_with("cmake/");
  if (path.ends_with(".h") && !is_precompiled) check_header_top(path, lines, complaints);
  return complaints;
}

Complaints check_places(std::string_view path, std::string_view text) {
  Complaints complaints;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (const auto& host : hosts_of(lines[i]))
      if (!contains(allowed_hosts, host))
        complaints.push_back(complaint(path, i + 1, fmt::format("names the host {}", host)));
    for (const auto& [name, top] : registries)
      if (const auto host = fmt::format("{}.{}", name, top);
          lines[i].find(host) != lines[i].npos && !is_go_import(path, lines[i]))
        complaints.push_back(complaint(path, i + 1, fmt::format("names the registry {}", host)));
    for (const auto folder : machine_folders)
      if (names_machine_folder(lines[i], folder))
        complaints.push_back(
            complaint(path, i + 1, fmt::format("names the folder /{} of a machine", folder)));
  }
  return complaints;
}

}  // namespace tidy
