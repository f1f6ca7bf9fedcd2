#include "estate/read.h"

#include <zlib.h>
#include <zstd.h>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/prng.h"
#include "crypto/sha256.h"
#include "estate/read_session.h"
#include "estate/read_table.h"
#include "estate/testing/small_estate.h"

namespace estate {
namespace {

using testing::Files;
using testing::read_files;
using testing::small_estate;

std::string gz(const std::string& plain) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zst(const std::string& plain) {
  std::string packed(ZSTD_compressBound(plain.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 3));
  return packed;
}

struct Packer {
  const char* suffix;
  std::string (*pack)(const std::string& plain);
};
constexpr Packer packers[] = {{".gz", gz}, {".zst", zst}};

std::string error_of(const Files& files) {
  const auto estate = read_files(files);
  return estate ? "no error" : estate.error().message;
}

// Everything but FileFacts, whose names and sizes depend on the packing.
void expect_equal(const Estate& a, const Estate& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.policy, b.policy);
  EXPECT_EQ(a.sites, b.sites);
  EXPECT_EQ(a.products, b.products);
  EXPECT_EQ(a.suppliers, b.suppliers);
  EXPECT_EQ(a.sales, b.sales);
  EXPECT_EQ(a.range, b.range);
  EXPECT_EQ(a.stock, b.stock);
  EXPECT_EQ(a.on_order, b.on_order);
  EXPECT_EQ(a.promotions, b.promotions);
  EXPECT_EQ(a.rejected, b.rejected);
}

TEST(Read, a_small_estate_is_sorted_by_id_and_refers_by_index) {
  const auto estate = read_files(small_estate());
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(estate->name, "Small");
  EXPECT_EQ(estate->policy.service_level, 0.97);
  ASSERT_EQ(estate->sites.size(), 3u);
  EXPECT_EQ(estate->sites[0].id, "D1");
  EXPECT_EQ(estate->sites[2].depot, 0u);
  EXPECT_EQ(estate->products[1].name, "Bread, white");
  EXPECT_EQ(estate->suppliers[1].id, "B");
  EXPECT_EQ(estate->products[2].supplier, 0u);
  EXPECT_EQ(find_site(*estate, "S2"), 2u);
  EXPECT_EQ(find_product(*estate, "P9"), none);
  EXPECT_EQ(find_supplier(*estate, "A"), 0u);
  EXPECT_EQ(estate->sales.site, (std::vector<std::uint32_t>{1, 1, 1, 2, 2}));
  EXPECT_EQ(estate->sales.product, (std::vector<std::uint32_t>{0, 0, 1, 0, 2}));
  EXPECT_EQ(estate->sales.units, (std::vector<std::int32_t>{3, 6, 4, 5, -1}));
  EXPECT_EQ(base::to_string(sale_date(estate->sales.day[1])), "2026-01-06");
  EXPECT_TRUE(estate->sales.reduced_units.empty());
  EXPECT_EQ(estate->files.size(), 4u);
  EXPECT_EQ(estate->files[3].rows, 5u);
}

struct Broken {
  const char *file, *content, *message;
};

// One broken file each; the other files are those of small_estate().
const Broken broken_files[] = {
    {"estate.toml", "format = 1\nname = \"x\"\nperiod = \"moon\"\n",
     "estate.toml:3:10: key period: \"moon\": expected one of day, week"},
    {"estate.toml", "format = 1\nname = \"x\n",
     "estate.toml:2:10: no TOML: Error while parsing string: unescaped control characters other "
     "than "
     "TAB (U+0009) are explicitly prohibited"},
    {"estate.toml", "format = 2\nname = \"x\"\nperiod = \"day\"\n",
     "estate.toml:1:10: key format: 2: expected 1, the only format so far"},
    {"estate.toml", "name = \"x\"\nperiod = \"day\"\n", "estate.toml: expected a line format = 1"},
    {"estate.toml", "format = 1\nperiod = \"day\"\n", "estate.toml: expected a line name = \"…\""},
    {"estate.toml",
     "format = 1\nname = \"x\"\nperiod = \"day\"\n[policy]\nservice_level = 0.9\nholding_cost = "
     "1\n",
     "estate.toml:5:17: key policy.service_level: 0.9: expected either a service level or the two "
     "costs, not both"},
    {"estate.toml", "format = 1\nname = \"x\"\nperiod = \"day\"\n[policy]\nservice_level = 1.0\n",
     "estate.toml:5:17: key policy.service_level: 1: expected a number above 0 and below 1"},
    {"estate.toml", "format = 1\nname = \"x\"\nperiod = \"day\"\n[policy]\nlead_periods = -1\n",
     "estate.toml:5:16: key policy.lead_periods: -1: expected a whole number from 0 to 365"},
    {"estate.toml", "format = 1\nname = \"x\"\nperiod = \"day\"\nrequires = [\"tills.csv\"]\n",
     "estate.toml:4: requires \"tills.csv\", which this reader does not know; expected files and "
     "columns of format 1"},
    {"estate.toml", "format = 1\nname = \"x\"\nperiod = \"day\"\nrequires = [\"sales.weight\"]\n",
     "estate.toml:4: requires \"sales.weight\", which this reader does not know; expected files "
     "and "
     "columns of format 1"},
    {"estate.toml", "format = 1\nname = \"x\"\nperiod = \"week\"\n",
     "sales.csv:5: column date: \"2026-01-06\": expected a Monday, because period = \"week\" in "
     "estate.toml"},
    {"estate.toml", "[\n",
     "estate.toml:1:2: no TOML: Error while parsing key: expected bare key starting "
     "character or string delimiter, saw '\\n'"},
    {"sites.csv", "", "sites.csv:1: expected a header row with the names of the columns"},
    {"sites.csv", "site,name\nS1,x\n", "sites.csv:1: expected a column kind"},
    {"sites.csv", "site,kind,site\n",
     "sites.csv:1: column site stands twice; expected each name once"},
    {"sites.csv", "site,kind\nS 1,store\n",
     "sites.csv:2: column site: \"S 1\": expected an id of 1 to 32 letters, digits, points, "
     "underscores or hyphens"},
    {"sites.csv", "site,kind\n,store\n", "sites.csv:2: column site: \"\": expected a value"},
    {"sites.csv", "site,kind\nS1,shop\n",
     "sites.csv:2: column kind: \"shop\": expected one of store, depot, online"},
    {"sites.csv", "site,kind\nS1,store\nS2,store\nS1,store\n",
     "sites.csv:4: the same site as in line 2; expected each key once"},
    {"sites.csv", "site,kind,lifeline\nS1,store,4\n",
     "sites.csv:2: column lifeline: \"4\": expected a whole number from 0 to 3"},
    {"sites.csv", "site,kind,depot\nS1,store,S2\nS2,store,\n",
     "sites.csv:2: column depot: \"S2\": expected a site of sites.csv with kind depot"},
    {"sites.csv", "site,kind,like_site\nS1,store,S7\n",
     "sites.csv:2: column like_site: \"S7\": expected a site of sites.csv"},
    {"sites.csv", "site,kind,lat\nS1,store,north\n",
     "sites.csv:2: column lat: \"north\": expected a number from -90 to 90"},
    {"sites.csv", "site,kind,opened_on,closed_on\nS1,store,2026-02-01,2026-01-01\n",
     "sites.csv:2: column closed_on: \"2026-01-01\": expected a day on or after opened_on"},
    {"products.csv", "product,name\nP1,\"a\xff\"\n",
     "products.csv:2: column name: \"a\xff\": expected text in UTF-8 without NUL"},
    {"products.csv", "product,tier\nP1,0\n",
     "products.csv:2: column tier: \"0\": expected a whole number from 1 to 9"},
    {"products.csv", "product,unit_price\nP1,1.23456\n",
     "products.csv:2: column unit_price: \"1.23456\": expected pounds from 0 to 1000000000 with at "
     "most 4 decimals"},
    {"products.csv", "product,own_label\nP1,yes\n",
     "products.csv:2: column own_label: \"yes\": expected 0 or 1"},
    {"products.csv", "product,name\nP1,a\nP2,b,c\n",
     "products.csv:3: 3 fields; expected 2 as in the header"},
    {"products.csv", "product,name\nP1,\"a\nP2,b\n",
     "products.csv:2: a quoted field is not closed within 262,144 bytes or before the end of the "
     "file"},
    {"products.csv", "product,name\nP1,a \"b\" c\n",
     "products.csv:2: a quote inside a field that does not begin with one; expected the field in "
     "quotes, with its own quotes doubled"},
    {"products.csv", "product,name\nP1,\"a\" c\n",
     "products.csv:2: text after a closing quote; expected a comma or the end of the line"},
    {"products.csv", "product,name\nP1,\"two\nlines\"\n\nP1,x\n",
     "products.csv:5: the same product as in line 2; expected each key once"},
    {"sales.csv", "date,site,product,units\n2026-01-05,S1,P1,x3\n",
     "sales.csv:2: column units: \"x3\": expected a whole number"},
    {"sales.csv", "date,site,product,units\n2026-01-05,S1,P1,500000001\n",
     "sales.csv:2: column units: \"500000001\": expected a whole number from -500000000 to "
     "500000000"},
    {"sales.csv", "date,site,product,units\n2026-01-05,S1,P1,1\n2026-02-30,S1,P1,1\n",
     "sales.csv:3: column date: \"2026-02-30\": expected a day YYYY-MM-DD from 1900-01-01 to "
     "2079-06-06"},
    {"sales.csv", "date,site,product,units\n2080-01-01,S1,P1,1\n",
     "sales.csv:2: column date: \"2080-01-01\": expected a day YYYY-MM-DD from 1900-01-01 to "
     "2079-06-06"},
    {"sales.csv", "date,site,product,units\n2026-01-05,S9,P1,1\n",
     "sales.csv:2: column site: \"S9\": expected a site of sites.csv"},
    {"sales.csv", "date,site,product,units\n2026-01-05,S1,P9,1\n",
     "sales.csv:2: column product: \"P9\": expected a product of products.csv"},
    {"sales.csv", "date,site,product,units\n2026-01-05,S1,P1,\n",
     "sales.csv:2: column units: \"\": expected a value"},
    {"sales.csv", "date,site,product,units,in_stock\n2026-01-05,S1,P1,1,2\n",
     "sales.csv:2: column in_stock: \"2\": expected 0 or 1"},
    {"sales.csv", "date,site,product,units,channel\n2026-01-05,S1,P1,1,web\n",
     "sales.csv:2: column channel: \"web\": expected one of till, online, partner"},
    {"sales.csv", "date,site,product,units,price\n2026-01-05,S1,P1,1,-1\n",
     "sales.csv:2: column price: \"-1\": expected pounds from 0 to 1000000000 with at most 4 "
     "decimals"},
    {"sales.csv",
     "date,site,product,units\n2026-01-05,S1,P1,1\n2026-01-06,S1,P1,1\n2026-01-05,S1,P1,1\n",
     "sales.csv:4: the same date, site, product and channel as in line 2; expected each once"},
    {"sales.csv", "date,site,product\n2026-01-05,S1,P1\n", "sales.csv:1: expected a column units"},
    {"range.csv", "site,product,service_level,holding_cost\nS1,P1,0.9,1\n",
     "range.csv:2: column service_level: \"0.9\": expected either a service level or costs, not "
     "both"},
    {"range.csv", "site,product,shortage_cost\nS1,P1,3\n",
     "range.csv:2: column holding_cost: \"\": expected a cost, because the row gives the other and "
     "[policy] gives none"},
    {"range.csv", "site,product,from_date,to_date\nS1,P1,2026-02-01,2026-01-01\n",
     "range.csv:2: column to_date: \"2026-01-01\": expected a day on or after from_date"},
    {"range.csv", "site,product,from_date\nS1,P1,2026-02-01\nS1,P1,2026-02-01\n",
     "range.csv:3: the same site, product and from_date as in line 2; expected each key once"},
    {"supply.csv", "to_site,from\nS1,Z\n",
     "supply.csv:2: column from: \"Z\": expected a depot of sites.csv or a supplier of "
     "suppliers.csv"},
    {"supply.csv", "to_site,from,order_weekdays\nS1,D1,122\n",
     "supply.csv:2: column order_weekdays: \"122\": expected weekdays as digits from 1 (Monday) to "
     "7 (Sunday), each once, such as 12345"},
    {"supply.csv", "to_site,from,cut_off\nS1,D1,24:00\n",
     "supply.csv:2: column cut_off: \"24:00\": expected a time HH:MM from 00:00 to 23:59"},
    {"deliveries.csv", "site,chain,order_weekday,drop\nS1,chilled,8,1\n",
     "deliveries.csv:2: column order_weekday: \"8\": expected a weekday from 1 (Monday) to 7 "
     "(Sunday)"},
    {"capacity.csv", "depot,chain\nS1,chilled\n",
     "capacity.csv:2: column depot: \"S1\": expected a site of sites.csv with kind depot"},
    {"capacity.csv", "depot,chain,date,weekday\nD1,chilled,2026-01-01,2\n",
     "capacity.csv:2: column weekday: \"2\": expected either a date or a weekday, not both"},
    {"suppliers.csv", "supplier\nA\n",
     "products.csv:3: column supplier: \"B\": expected a supplier of suppliers.csv"},
    {"stock.csv", "site,product,on_hand_units\nS1,P1,1\nS1,P1,2\n",
     "stock.csv:3: the same site, product, expiry_date and batch as in line 2; expected each key "
     "once"},
    {"on_order.csv", "site,product,due_date,units\nS1,P1,2026-01-07,-1\n",
     "on_order.csv:2: column units: \"-1\": expected a whole number from 0 to 1000000000"},
    {"movements.csv", "date,site,product,units,reason\n2026-01-07,S1,P1,1,lost\n",
     "movements.csv:2: column reason: \"lost\": expected one of received, waste, damage, theft, "
     "count, transfer_in, transfer_out, donated, recalled"},
    {"promotions.csv", "promotion,product,from_date,to_date\nX,P1,2026-01-07,\n",
     "promotions.csv:2: column to_date: \"\": expected a value"},
    {"events.csv", "date,event,uplift\n2026-01-07,fair,inf\n",
     "events.csv:2: column uplift: \"inf\": expected a number from 0 to 1000"},
};

TEST(Read, every_broken_file_gives_its_own_message_packed_or_not) {
  for (const Broken& broken : broken_files) {
    Files files = small_estate();
    files[broken.file] = broken.content;
    EXPECT_EQ(error_of(files), broken.message);
    if (std::string_view(broken.file).ends_with(".toml")) continue;
    for (const auto& [suffix, pack] : packers) {
      files.erase(broken.file);
      files.erase(std::string(broken.file) + ".gz");
      files[std::string(broken.file) + suffix] = pack(broken.content);
      std::string expected = broken.message;
      if (expected.starts_with(broken.file)) expected.insert(std::strlen(broken.file), suffix);
      EXPECT_EQ(error_of(files), expected);
    }
  }
}

TEST(Read, a_nul_byte_is_no_text) {
  Files files = small_estate();
  files["products.csv"] = std::string("product,name\nP1,a\0b\n", 20);
  EXPECT_EQ(error_of(files),
            "products.csv:2: column name: \"a\\x00b\": expected text in UTF-8 without NUL");
}

TEST(Read, a_missing_file_and_a_file_in_two_packings_are_errors_even_when_lenient) {
  Files files = small_estate();
  files.erase("sales.csv");
  const auto missing = read_files(files, {.lenient = true});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::input_missing);
  EXPECT_EQ(missing.error().message, "folder: expected a file sales.csv in the estate folder");
  files = small_estate();
  files["sales.csv.gz"] = gz(files["sales.csv"]);
  EXPECT_EQ(error_of(files), "sales.csv and sales.csv.gz are both there: expected one of them");
}

TEST(Read, streams_that_end_early_or_are_broken_are_named) {
  for (const auto& [suffix, pack] : packers) {
    const std::string name = std::string("sales.csv") + suffix;
    Files files = small_estate();
    const std::string packed = pack(files["sales.csv"]);
    files.erase("sales.csv");
    files[name] = packed.substr(0, packed.size() - 1);
    EXPECT_EQ(error_of(files), fmt::format("{}: the compressed stream ends too early", name));
    files[name] = "";
    EXPECT_NE(error_of(files), "no error");
    files[name] = "no such format";
    EXPECT_TRUE(
        error_of(files).starts_with(fmt::format("{}: the compressed stream is broken: ", name)))
        << error_of(files);
    files[name] = packed + packed.substr(0, 3);
    EXPECT_EQ(error_of(files), fmt::format("{}: the compressed stream ends too early", name));
  }
}

TEST(Read, streams_of_several_members_are_one_file) {
  const auto plain = read_files(small_estate());
  for (const auto& [suffix, pack] : packers) {
    const std::string name = std::string("sales.csv") + suffix;
    Files files = small_estate();
    const std::string content = files["sales.csv"];
    files.erase("sales.csv");
    files[name] = pack(content.substr(0, 30)) + pack(content.substr(30));
    const auto estate = read_files(files);
    ASSERT_TRUE(estate) << estate.error().message;
    expect_equal(*plain, *estate);
    EXPECT_EQ(plain->digest, estate->digest);
  }
}

TEST(Read, the_digest_is_what_the_format_document_says) {
  const Files files = small_estate();
  crypto::Sha256 all;
  for (const auto& [name, content] : files) {
    crypto::Sha256 one;
    one.add(content);
    all.add(name + std::string(1, '\0') + one.finish_hex());
  }
  EXPECT_EQ(read_files(files)->digest, all.finish_hex());
}

TEST(Read, lenient_reading_skips_counts_and_lists_bad_rows) {
  Files files = small_estate();
  files["sales.csv"] =
      "date,site,product,units\n2026-01-05,S1,P1,3\nx\n2026-01-05,S1,P1,4\n2026-01-05,S1,P2,a\n"
      "2026-01-05,S2,P3,7\n";
  files["stock.csv"] = "site,product,on_hand_units\nS1,P1,5\nS1,P1,6\nS1,P9,1\n";
  const auto estate = read_files(files, {.lenient = true});
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(estate->sales.units, (std::vector<std::int32_t>{3, 7}));
  EXPECT_EQ(estate->stock.on_hand_units, (std::vector<std::int32_t>{5}));
  std::string listed;
  for (const Rejected& row : estate->rejected)
    listed += fmt::format("{}:{} {} {} {}\n", row.file, row.line, row.column, row.value, row.why);
  EXPECT_EQ(
      listed,
      "sales.csv:3   1 fields; expected 4 as in the header\n"
      "sales.csv:5 units a expected a whole number\n"
      "sales.csv:4   the same date, site, product and channel as in line 2; expected each once\n"
      "stock.csv:4 product P9 expected a product of products.csv\n"
      "stock.csv:3   the same site, product, expiry_date and batch as in line 2; expected "
      "each key once\n");
  EXPECT_EQ(estate->files[3].rows, 2u);
  EXPECT_EQ(estate->files[3].rejected, 3u);
}

TEST(Read, a_lenient_site_without_its_depot_takes_its_sales_with_it) {
  Files files = small_estate();
  files["sites.csv"] = "site,kind,depot,like_site\nS2,store,D9,\nS1,store,,\n";
  const auto estate = read_files(files, {.lenient = true});
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(estate->sites.size(), 1u);
  EXPECT_EQ(estate->sales.size(), 3u);
}

TEST(Read, channels_are_summed_and_flags_and_reduced_units_kept) {
  Files files = small_estate();
  files["sales.csv"] =
      "units,channel,date,site,product,in_stock,promotion,reduced_units,price\n"
      "3,till,2026-01-05,S1,P1,1,,1,\n"
      "4,online,2026-01-05,S1,P1,0,SPRING,2,1.25\n"
      "5,,2026-01-06,S1,P1,,,,\n";
  const auto estate = read_files(files);
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(estate->sales.units, (std::vector<std::int32_t>{7, 5}));
  EXPECT_EQ(estate->sales.reduced_units, (std::vector<std::int32_t>{3, 0}));
  EXPECT_EQ(estate->sales.flags, (std::vector<std::uint8_t>{sale_empty_shelf | sale_promotion, 0}));
  EXPECT_TRUE(estate->has_in_stock_flags);
}

TEST(Read, rows_after_as_of_and_before_sales_from_are_not_kept) {
  const auto later = read_files(small_estate(), {.as_of = base::make_date(2026, 1, 5)});
  EXPECT_EQ(later->sales.size(), 3u);
  EXPECT_EQ(later->files[3].last, base::make_date(2026, 1, 5));
  const auto earlier = read_files(small_estate(), {.sales_from = base::make_date(2026, 1, 6)});
  EXPECT_EQ(earlier->sales.size(), 2u);
  EXPECT_EQ(earlier->files[3].rows, 5u);
}

TEST(Read, of_rows_before_sales_from_only_the_date_is_looked_at) {
  Files files = small_estate();
  files["sales.csv"] =
      "date,site,product,units\n2026-01-05,S9,P1,x\n2026-01-06,S1,P1,6\n2026-01-04,S1\n"
      "2026-01-05,\"S1\",P1,6\n";
  const ReadOptions carried{.sales_from = base::make_date(2026, 1, 6)};
  const auto estate = read_files(files, carried);
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(estate->sales.size(), 1u);
  EXPECT_EQ(estate->files[3].rows, 4u);
  EXPECT_EQ(estate->files[3].first, base::make_date(2026, 1, 4));
  EXPECT_EQ(error_of(files), "sales.csv:2: column site: \"S9\": expected a site of sites.csv");
  // What is not plainly an older day is looked at as ever, and its line is the file's.
  files["sales.csv"] += "2026-01-05,S1,P1,1\n2026-01-32,S1,P1,1\n";
  EXPECT_EQ(read_files(files, carried).error().message,
            "sales.csv:7: column date: \"2026-01-32\": expected a day YYYY-MM-DD from 1900-01-01 "
            "to 2079-06-06");
  files["sales.csv"] = "site,date,product,units\nS9,2026-01-05,P1,x\n";
  EXPECT_FALSE(read_files(files, carried));
}

TEST(Read, rows_in_a_few_runs_and_in_none_are_sorted_alike_and_stay_in_order_within_a_key) {
  base::Prng prng(5);
  for (int runs = 0; runs < 12; ++runs) {
    std::vector<std::pair<int, int>> rows;
    for (int run = 0; run < runs; ++run) {
      const int offset = static_cast<int>(prng.below(20));
      for (int at = 0; at < 30; ++at) rows.emplace_back(offset + at / 3, rows.size());
    }
    auto expected = rows;
    const auto before = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::stable_sort(expected.begin(), expected.end(), before);
    sort_runs(rows, before);
    EXPECT_EQ(rows, expected) << runs;
  }
}

TEST(Read, line_ends_marks_blank_lines_and_column_order_change_nothing) {
  const auto expected = read_files(small_estate());
  Files files = small_estate();
  files["products.csv"] =
      "\xef\xbb\xbfname,product,supplier,colour\r\n\r\n,P3,A,\r\n\"Bread, white\",P2,B,red\r\n"
      "\"Milk\",P1,A,\"\"";
  files["sales.csv"] =
      "product,units,date,site\n\nP3,-1,2026-01-06,S2\nP1,6,2026-01-06,S1\nP2,4,2026-01-05,S1\n"
      "\"P1\",\"5\",2026-01-05,S2\nP1,3,2026-01-05,S1";
  const auto estate = read_files(files);
  ASSERT_TRUE(estate) << estate.error().message;
  expect_equal(*expected, *estate);
  EXPECT_EQ(estate->files[2].unknown_columns, std::vector<std::string>{"colour"});
}

TEST(Read, confirmed_units_replace_units_and_negative_stock_stays) {
  Files files = small_estate();
  files["on_order.csv"] =
      "site,product,due_date,units,confirmed_units\nS1,P1,2026-01-07,5,0\nS1,P2,2026-01-07,6,\n";
  files["stock.csv"] = "site,product,on_hand_units,batch\nS1,P1,-5,\n";
  const auto estate = read_files(files);
  ASSERT_TRUE(estate) << estate.error().message;
  EXPECT_EQ(estate->on_order[0].units, 0);
  EXPECT_EQ(estate->on_order[1].units, 6);
  EXPECT_EQ(estate->stock.on_hand_units[0], -5);
  EXPECT_TRUE(estate->stock.batch.empty());
}

TEST(Read, every_file_and_column_of_the_format_is_known) {
  Files files = small_estate();
  files["estate.toml"] +=
      "requires = [\"promotions.csv\", \"sales.promotion\", \"sales.csv.channel\", \"barcodes\"]\n"
      "colour = 1\n[policy]\nshortage_cost = 1\nholding_cost = 0.2\n";
  files["suppliers.csv"] =
      "supplier,name,gln,email,phone,lead_days,order_weekdays,order_basis,min_order,max_order,"
      "surge_max\nA,a,1,x@y,2,3,135,cases,4,5,6\nB,,,,,,,,,,\n";
  files["supplier_items.csv"] =
      "supplier,product,supplier_item,case_gtin,case_units,case_cost\nA,P1,x,1,12,3.5\n";
  files["barcodes.csv"] =
      "barcode,product,units,kind,from_date,to_date\n5000,P1,2,case,2026-01-01,2026-02-01\n";
  files["range.csv"] =
      "site,product,from_date,to_date,status,like_product,replaces,launch_units,"
      "presentation_units_min,shelf_units_max,order_multiple_units,order_units_max,service_level,"
      "shortage_cost,holding_cost\nS1,P1,2026-01-01,,launch,P2,P3,1,2,3,4,5,,1,2\n";
  files["supply.csv"] =
      "to_site,from,product,category,chain,flow,priority,lead_days,order_weekdays,cut_off,"
      "order_basis,min_order,max_order,from_date,to_date\n"
      "S1,D1,,,chilled,cross_dock,2,0,67,17:05,kg,1,2,,\nS1,A,P1,,,direct,1,,,,,,,,\n";
  files["deliveries.csv"] =
      "site,chain,order_weekday,drop,source,deliver_weekday,on_shelf_from,cut_off,route,stop,"
      "capacity,capacity_basis,from_date,to_date\nS1,frozen,1,1,D1,7,06:30,12:00,R,2,3,cages,,\n";
  files["site_calendar.csv"] =
      "date,site,state,chain,drop,moved_to,cut_off\n2026-01-06,S1,closed,,,2026-01-07,09:00\n";
  files["capacity.csv"] =
      "depot,chain,date,weekday,pick_cases,receive_pallets,loads\nD1,ambient,,3,1,2,3\n";
  files["movements.csv"] = "date,site,product,units,reason\n2026-01-05,S1,P1,-2,waste\n";
  files["customer_orders.csv"] = "order,site,product,units,due_date\nO1,S1,P1,2,2026-01-09\n";
  files["promotions.csv"] =
      "promotion,product,from_date,to_date,site,region,mechanic,price,uplift,display_units,"
      "order_from_date\nX,P1,2026-01-01,2026-01-09,S1,North,meal_deal,1.5,2.5,6,2025-12-29\n";
  files["events.csv"] =
      "date,event,region,site,category,uplift,learn\n2026-01-05,fair,North,S1,Dairy,1.5,0\n";
  files["prices.csv"] =
      "product,from_date,price,to_date,site,region,kind\nP1,2026-01-01,1.2,,S1,,shelf\n";
  const auto estate = read_files(files);
  ASSERT_TRUE(estate) << estate.error().message;
  for (const FileFacts& facts : estate->files)
    EXPECT_EQ(facts.unknown_columns.size(), facts.file == "estate.toml" ? 1u : 0u) << facts.file;
  EXPECT_FALSE(estate->policy.service_level);
  EXPECT_EQ(estate->suppliers[0].order_weekdays, 0b10101);
  EXPECT_EQ(estate->supplier_items[0].case_cost, Money{35000});
  EXPECT_EQ(estate->barcodes[0].kind, 2);
  EXPECT_EQ(estate->range[0].status, RangeStatus::launch);
  EXPECT_EQ(estate->range[0].replaces, 2u);
  ASSERT_EQ(estate->supply.size(), 2u);
  EXPECT_EQ(estate->supply[0].from_supplier, 0u);
  EXPECT_EQ(estate->supply[1].from_site, 0u);
  EXPECT_EQ(estate->supply[1].cut_off_minute, 17 * 60 + 5);
  EXPECT_EQ(estate->deliveries[0].deliver_weekday, 6);
  EXPECT_EQ(estate->calendar[0].state, DayState::closed);
  EXPECT_EQ(estate->capacity[0].weekday, 2);
  EXPECT_EQ(estate->movements[0].reason, MovementReason::waste);
  EXPECT_EQ(estate->customer_orders[0].due, base::make_date(2026, 1, 9));
  EXPECT_EQ(estate->promotions[0].mechanic, Mechanic::meal_deal);
  EXPECT_FALSE(estate->events[0].learn);
  EXPECT_EQ(estate->prices[0].price, Money{12000});
}

// A folder whose sales span several blocks, in an order of its own for each seed.
Files large_estate(std::size_t rows, std::uint64_t seed) {
  Files files = small_estate();
  std::string sites = "site,kind\n", products = "product,name\n";
  for (int i = 0; i < 40; ++i) sites += fmt::format("S{},store\n", i);
  for (int i = 0; i < 500; ++i)
    products += fmt::format("P{},\"a \"\"name\"\",\nof two lines\"\n", i);
  files["sites.csv"] = sites;
  files["products.csv"] = products;
  std::vector<std::uint64_t> order(rows);
  for (std::size_t i = 0; i < rows; ++i) order[i] = i;
  base::Prng prng(seed);
  for (std::size_t i = rows; seed != 0 && i > 1; --i) std::swap(order[i - 1], order[prng.below(i)]);
  std::string sales = "date,site,product,units,reduced_units\n";
  for (const std::uint64_t i : order)
    sales +=
        fmt::format("{},S{},P{},{},{}\n",
                    base::to_string(base::make_date(2026, 1, 1) + static_cast<int>(i / 20'000)),
                    i / 500 % 40, i % 500, base::mix(i) % 100, i % 7 == 0 ? "2" : "");
  files["sales.csv"] = sales;
  return files;
}

TEST(Read, threads_and_the_order_of_rows_change_nothing) {
  const auto expected = read_files(large_estate(60'000, 0));
  ASSERT_TRUE(expected) << expected.error().message;
  EXPECT_EQ(expected->sales.size(), 60'000u);
  for (const int threads : {1, 2, 16}) {
    const auto estate = read_files(large_estate(60'000, 7), {.threads = threads});
    ASSERT_TRUE(estate) << estate.error().message;
    expect_equal(*expected, *estate);
  }
}

TEST(Read, the_first_error_of_the_file_is_told_whatever_the_number_of_threads) {
  Files files = large_estate(60'000, 0);
  std::string& sales = files["sales.csv"];
  for (const std::size_t row : {59'000u, 41'000u, 40'000u}) {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= row; ++i) at = sales.find('\n', at) + 1;
    sales[at] = 'x';
    for (const int threads : {1, 2, 16}) {
      const auto estate = read_files(files, {.threads = threads});
      ASSERT_FALSE(estate);
      EXPECT_TRUE(estate.error().message.starts_with(
          fmt::format("sales.csv:{}: column date: \"x", row + 2)))
          << estate.error().message;
    }
  }
}

TEST(Read, the_line_of_a_duplicate_is_right_behind_many_blocks) {
  Files files = large_estate(60'000, 0);
  const std::string& sales = files["sales.csv"];
  const std::size_t second = sales.find('\n') + 1;
  files["sales.csv"] += sales.substr(second, sales.find('\n', second) + 1 - second);
  for (const int threads : {1, 2, 16}) {
    const auto estate = read_files(files, {.threads = threads});
    ASSERT_FALSE(estate);
    EXPECT_EQ(
        estate.error().message,
        "sales.csv:60002: the same date, site, product and channel as in line 2; expected each "
        "once");
  }
}

TEST(Read, an_over_long_field_and_row_are_refused) {
  Files files = small_estate();
  files["products.csv"] = "product,name\nP1," + std::string(field_bytes_max + 1, 'a') + "\n";
  EXPECT_EQ(error_of(files), "products.csv:2: a field of more than 16,384 bytes (field_bytes_max)");
  files["products.csv"] = "product,name\nP1," + std::string(2 * block_bytes, 'a') + "\n";
  EXPECT_EQ(error_of(files), "products.csv:2: a row of more than 262,144 bytes (record_bytes_max)");
  files["products.csv"] = "product,name\nP1,\"" + std::string(2 * block_bytes, '\n') + "\"\n";
  EXPECT_EQ(
      error_of(files),
      "products.csv:2: a quoted field is not closed within 262,144 bytes or before the end of "
      "the file");
  files["products.csv"] = "product" + std::string(columns_max, ',') + "\n";
  EXPECT_EQ(error_of(files), "products.csv:1: more than 256 fields (columns_max)");
}

std::string quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

TEST(Read, any_names_and_units_survive_writing_and_reading) {
  rc::check([](const std::vector<std::pair<std::string, std::int32_t>>& rows) {
    Files files = small_estate();
    files["products.csv"] = "product,name\n";
    files["sales.csv"] = "date,site,product,units\n";
    std::size_t count = 0;
    for (const auto& [name, units] : rows) {
      const std::string id = fmt::format("P{:04}", count++);
      files["products.csv"] += id + "," + quoted(name) + "\n";
      files["sales.csv"] += fmt::format("2026-01-05,S1,{},{}\n", id, units);
    }
    const auto estate = read_files(files);
    const bool fine = std::all_of(rows.begin(), rows.end(), [](const auto& row) {
      return valid_text(row.first) && std::abs(std::int64_t{row.second}) <= 500'000'000;
    });
    RC_ASSERT(estate.has_value() == fine);
    if (!fine) return;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      RC_ASSERT(estate->products[i].name == rows[i].first);
      RC_ASSERT(estate->sales.units[i] == rows[i].second);
    }
  });
}

}  // namespace
}  // namespace estate
