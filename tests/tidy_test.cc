#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/tidy.h"

namespace tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Uses street{{"base", {}}, {"io", {"base"}}, {"planner", {"base"}}, {"cmd", {"base", "io"}}};

TEST(Uses, are_read_from_the_house_folder_lines_only) {
  const auto uses = parse_uses(
      "# house_folder(no USES way)\n"
      "house_folder(base    USES)\n"
      "house_folder(estate  USES base\n"
      "                     io)\n"
      "target_link_libraries(base PUBLIC x)\n");
  EXPECT_EQ(uses.size(), 2u);
  EXPECT_THAT(uses.at("base"), IsEmpty());
  EXPECT_THAT(uses.at("estate"), ElementsAre("base", "io"));
}

TEST(Uses, that_come_back_to_their_start_are_found) {
  EXPECT_THAT(check_uses({{"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}, {"d", {"a"}}}),
              ElementsAre(HasSubstr("a -> b -> c -> a")));
  EXPECT_THAT(check_uses({{"a", {"a"}}}), ElementsAre(HasSubstr("a -> a")));
  EXPECT_THAT(check_uses({{"a", {"b", "c"}}, {"b", {"c"}}, {"c", {}}}), IsEmpty());
}

TEST(Uses, of_an_undeclared_folder_are_found) {
  EXPECT_THAT(check_uses({{"a", {"b"}}}), ElementsAre(HasSubstr("a uses b")));
}

TEST(Includes, of_an_unlisted_folder_are_found_with_their_line) {
  EXPECT_THAT(check_includes(street, "src/io/disk.cc", "\n#include \"planner/plan.h\"\n"),
              ElementsAre(HasSubstr("src/io/disk.cc:2: io may not include planner")));
  EXPECT_THAT(check_includes(street, "src/cmd/deep/er.cc",
                             "#include \"cmd/x.h\"\n#include \"io/disk.h\"\n"),
              IsEmpty());
}

TEST(Includes, name_their_folder_and_a_folder_its_line) {
  EXPECT_THAT(check_includes(street, "src/io/disk.cc", "#include \"disk.h\"\n"),
              ElementsAre(HasSubstr("without its folder")));
  EXPECT_THAT(check_includes(street, "src/new/x.cc", "#include \"base/result.h\"\n"),
              ElementsAre(HasSubstr("src/new has no house_folder line")));
}

TEST(Includes, of_the_operating_system_belong_to_io_and_the_short_list) {
  for (const char* header : {"unistd.h", "fcntl.h", "sys/stat.h", "sys/socket.h", "netinet/in.h"}) {
    const auto text = "#include <" + std::string(header) + ">\n";
    EXPECT_THAT(check_includes(street, "src/base/x.cc", text),
                ElementsAre(HasSubstr("is for io only")));
    EXPECT_THAT(check_includes(street, "src/io/x.cc", text), IsEmpty());
  }
  EXPECT_THAT(
      check_includes(street, "src/cmd/x.cc", "#include <unistd.h>\n#include <sys/resource.h>\n"),
      IsEmpty());
  EXPECT_THAT(check_includes(street, "src/cmd/x.cc", "# include <fcntl.h>  // open\n"),
              ElementsAre(HasSubstr("is for io only")));
}

TEST(Includes, of_clock_chance_file_and_thread_are_for_neither_planner_nor_trade) {
  for (const char* header : {"chrono", "random", "fstream", "thread"}) {
    const auto text = "#include <" + std::string(header) + ">\n";
    EXPECT_THAT(check_includes(street, "src/planner/x.cc", text),
                ElementsAre(HasSubstr("planner is pure")));
    EXPECT_THAT(check_includes(street, "src/trade/x.cc", text),
                ElementsAre(HasSubstr("trade is pure")));
    EXPECT_THAT(check_includes(street, "src/base/x.cc", text), IsEmpty());
  }
}

TEST(Shape, allows_800_lines_and_no_more) {
  std::string text;
  for (int i = 0; i < 800; ++i) text += "\n";
  EXPECT_THAT(check_shape("src/a/x.cc", text), IsEmpty());
  EXPECT_THAT(check_shape("src/a/x.cc", text + "\n"), ElementsAre(HasSubstr("801 lines")));
}

TEST(Shape, allows_100_columns_and_no_more_whatever_the_bytes) {
  const std::string line = "// " + std::string(97, 'x');
  EXPECT_THAT(check_shape("src/a/x.cc", line + "\n"), IsEmpty());
  EXPECT_THAT(check_shape("cmake/x.cmake", "\n" + line + "x\n"),
              ElementsAre(HasSubstr("cmake/x.cmake:2: 101 columns")));
  EXPECT_THAT(check_shape("src/a/x.cc", "// £" + std::string(96, 'x') + "\n"), IsEmpty());
  EXPECT_THAT(check_shape("docs/x.md", line + "x\n"), IsEmpty());
}

TEST(Shape, of_a_header_begins_with_its_guard_and_its_purpose) {
  EXPECT_THAT(check_shape("src/a/x.h", "#pragma once\n// What it is for.\n"), IsEmpty());
  EXPECT_THAT(check_shape("src/a/x.h", "// What it is for.\n#pragma once\n"),
              ElementsAre(HasSubstr(":1: "), HasSubstr(":2: ")));
  EXPECT_THAT(check_shape("src/a/x.h", "#pragma once\n\n#include <span>\n"),
              ElementsAre(HasSubstr("line 2")));
  EXPECT_THAT(check_shape("src/a/x.h", ""), testing::SizeIs(2));
}

// The bad examples are put together from pieces, because this file is judged as well.
TEST(Places, of_one_machine_are_found) {
  const std::string slash = "/";
  for (const char* place : {"work/main", "tmp", "tmp/x", "root/.cache", "home/me"})
    for (const char* before : {"", "cd ", "\"", "="}) {
      const std::string line = before + slash + place;
      EXPECT_THAT(check_places("docs/x.md", line + "\n"),
                  ElementsAre(HasSubstr("docs/x.md:1: names the folder")))
          << line;
    }
  const std::array<std::string, 5> harmless{"build" + slash + "tmp", "${dir}" + slash + "work",
                                            slash + "workers", "a tmp folder",
                                            "folder / \"home/x\""};
  for (const auto& line : harmless) EXPECT_THAT(check_places("docs/x.md", line), IsEmpty()) << line;
}

TEST(Places, of_hosts_are_only_those_on_the_short_list) {
  const std::string scheme = "https:/";
  EXPECT_THAT(check_places("docs/x.md", "see " + scheme + "/nowhere.invalid/page"),
              ElementsAre(HasSubstr("names the host nowhere.invalid")));
  EXPECT_THAT(check_places("LICENSE", "http:/" + std::string("/www.apache.org/licenses/")),
              IsEmpty());
  EXPECT_THAT(check_places("dev", "curl deb.debian" + std::string(".org")),
              ElementsAre(HasSubstr("names the registry debian")));
  const std::string package = std::string("golang") + ".org/x/mod";
  EXPECT_THAT(check_places("main.go", "\t\"" + package + "\""), IsEmpty());
  EXPECT_THAT(check_places("main.go", "// from " + package), SizeIs(1));
  EXPECT_THAT(check_places("x.md", "\t\"" + package + "\""), SizeIs(1));
}

// What git does not track (see .gitignore) is not judged. A checkout may have no git to ask.
bool is_tracked(const std::string& path) {
  constexpr std::array<std::string_view, 4> ignored{".git", "build", ".cache", "out"};
  return std::find(ignored.begin(), ignored.end(), path.substr(0, path.find('/'))) == ignored.end();
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> tracked_files(const std::filesystem::path& root) {
  std::vector<std::string> paths;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (auto it = Walk(root); it != Walk(); ++it) {
    const std::string path = it->path().lexically_relative(root).generic_string();
    if (!is_tracked(path))
      it.disable_recursion_pending();
    else if (it->is_regular_file())
      paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(House, keeps_every_rule) {
  const std::filesystem::path root = STOCKADE_SOURCE_DIR;
  const Uses uses = parse_uses(content_of(root / "CMakeLists.txt"));
  ASSERT_GE(uses.size(), 5u);
  const auto files = tracked_files(root);
  ASSERT_GE(files.size(), 40u);

  Complaints all = check_uses(uses);
  for (const auto& path : files) {
    const std::string text = content_of(root / path);
    for (const auto& complaints :
         {check_includes(uses, path, text), check_shape(path, text), check_places(path, text)})
      all.insert(all.end(), complaints.begin(), complaints.end());
  }
  for (const auto& complaint : all) ADD_FAILURE() << complaint;
}

}  // namespace
}  // namespace tidy
