#pragma once
// A small folder of a till's tables as file contents, for tests that change one thing about it.

#include <map>
#include <string>

#include "estate/testing/memory_disk.h"
#include "till/tables.h"

namespace till::testing {

using Files = std::map<std::string, std::string>;
using TablesPtr = std::shared_ptr<const Tables>;

// A store in Scotland with five products, one of them weighed, at the prices of products.csv.
inline Files small_folder() {
  return {{"sites.csv",
           "site,kind,name,region,nation\n"
           "S1,store,Câr Dydd,North,Scotland\nS2,store,Other,South,England\n"},
          {"products.csv",
           "product,name,measure,unit_price,vat_code,age_rule,gtin\n"
           "milk,Whole milk 2 l,each,1.55,zero,,\n"
           "grapes,Red grapes,g,0.0043,zero,,\n"
           "cola,Cola 500 ml,each,1.65,standard,,5012345678900\n"
           "whisky,Blended whisky,each,19.00,standard,alcohol,\n"
           "wrap,Chicken wrap,each,3.25,zero,,\n"}};
}

inline base::Result<TablesPtr> read_files(const Files& files,
                                          std::optional<base::Date> today = std::nullopt) {
  estate::testing::MemoryDisk disk(files);
  return read_tables(disk, "folder", "S1", today);
}

}  // namespace till::testing
