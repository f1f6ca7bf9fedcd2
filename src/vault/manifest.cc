#include "vault/manifest.h"

#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/words.h"
#include "crypto/hex.h"
#include "vault/layout.h"

namespace vault {
namespace {

using base::ErrorCode;
using Json = nlohmann::ordered_json;

constexpr std::string_view magic = "stockade-continuity-1";

Json json_of(const WrittenFile& file) {
  Json columns = Json::array();
  for (const std::string& column : file.columns) {
    const auto rows = columns_of(file.name);
    const auto row = std::ranges::find(rows, column, &LayoutRow::column);
    CHECK(row != rows.end());
    columns.push_back({{"name", column}, {"meaning", row->meaning}});
  }
  Json made = {{"name", file.name},
               {"bytes", file.digest.bytes},
               {"sha256", to_hex(file.digest.digest)},
               {"meaning", meaning_of(file.name)}};
  if (!file.columns.empty()) {
    made["rows"] = file.rows;
    made["columns"] = std::move(columns);
  }
  return made;
}

std::optional<ListedFile> listed(const Json& row) {
  if (!row.is_object() || !row.contains("name") || !row.contains("bytes") ||
      !row.contains("sha256") || !row["name"].is_string() || !row["bytes"].is_number_unsigned() ||
      !row["sha256"].is_string())
    return std::nullopt;
  ListedFile file{row["name"].get<std::string>(), {row["bytes"].get<std::uint64_t>(), {}}};
  const auto digest = crypto::from_hex(row["sha256"].get<std::string>());
  if (!digest || digest->size() != file.digest.digest.bytes.size()) return std::nullopt;
  std::ranges::copy(*digest, file.digest.digest.bytes.begin());
  // Only what the layout knows, so no path leads out of the folder.
  if (meaning_of(file.name).empty()) return std::nullopt;
  return file;
}

}  // namespace

std::string manifest_text(const Making& making, const WrittenFolder& folder, const Sums& sums) {
  Json files = Json::array();
  for (const WrittenFile& file : folder.files) files.push_back(json_of(file));
  const Json all = {{"format", magic},
                    {"made_by", making.origin},
                    {"made_at", text_of_time(making.made_s)},
                    {"entries", making.entries},
                    {"root", to_hex(making.root)},
                    {"sums",
                     {{"sites", sums.sites},
                      {"lines", sums.lines},
                      {"units", sums.units},
                      {"orders", sums.orders},
                      {"order_units", sums.order_units},
                      {"pence", sums.pence}}},
                    {"left_out", folder.left_out},
                    {"files", std::move(files)}};
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string readme_text(const Making& making, const WrittenFolder& folder, const Sums& sums) {
  std::string text = fmt::format(
      "A continuity copy: what a grocer needs to go on trading, for any program that can read "
      "CSV.\n"
      "\n"
      "Made by {} at {} from the first {} entries of its journal.\n"
      "It holds {}, {} with stock, {} units on hand, {}.\n"
      "\n"
      "How to use it\n"
      "- Files ending in .csv are UTF-8, comma-separated, quoted as in RFC 4180, with a header "
      "row.\n"
      "  An empty field means that nothing is known. Units are whole: pieces, or grams where\n"
      "  products.csv says measure g. Money is in pounds, dates are YYYY-MM-DD.\n"
      "- manifest.json lists every file with its size, SHA-256, rows, and what each column means.\n"
      "- Begin with sites.csv and products.csv; then stock.csv says what is where, on_order.csv\n"
      "  what is to come, in_transit.csv what of that is on the road, prices.csv what customers\n"
      "  pay, deliveries.csv when orders leave, suppliers.csv whom to ask, stops.csv what may not\n"
      "  be sold. stock.csv and sales.csv are all that a forecast needs to begin again.\n"
      "- Nothing in here is about a person: no staff, no customers, no keys.\n"
      "\n"
      "Files\n",
      making.origin, text_of_time(making.made_s), making.entries,
      base::counted(static_cast<std::int64_t>(sums.sites), "site"),
      base::counted(static_cast<std::int64_t>(sums.lines), "line"), base::grouped(sums.units),
      base::counted(static_cast<std::int64_t>(sums.orders), "open order"));
  for (const WrittenFile& file : folder.files)
    text += fmt::format("- {}: {}{}\n", file.name, meaning_of(file.name),
                        file.columns.empty() ? "" : fmt::format(" ({} rows)", file.rows));
  if (!folder.left_out.empty()) text += "\nLeft out, because the format cannot hold it\n";
  for (const std::string& one : folder.left_out) text += fmt::format("- {}\n", one);
  return text;
}

base::Result<std::vector<ListedFile>> read_listed_files(std::string_view manifest) {
  const auto bad = [] { return base::fail(ErrorCode::evidence_bad, "no manifest of a copy"); };
  const Json all = Json::parse(manifest, nullptr, false);
  if (!all.is_object() || !all.contains("files") || !all["files"].is_array()) return bad();
  std::vector<ListedFile> files;
  for (const Json& row : all["files"]) {
    auto file = listed(row);
    if (!file) return bad();
    files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace vault
