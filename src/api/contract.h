#pragma once
// api/openapi.yaml, which the build puts into the program.

#include <string_view>

namespace api {

std::string_view contract_yaml();

}  // namespace api
