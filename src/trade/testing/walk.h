#pragma once
// Holds a life's table against what a test says of it in words.

#include <map>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "trade/life.h"

namespace trade::testing {

using Listed = std::map<std::pair<std::string, std::string>, std::string>;

// Goes through every state and verb: the listed moves lead where they say, all others are refused.
template <class State, class DocumentVerb>
void walk(const Listed& listed) {
  std::size_t found = 0;
  for (std::size_t s = 0; s < count_of<State>; ++s)
    for (std::size_t v = 0; v < count_of<DocumentVerb>; ++v) {
      const auto state = static_cast<State>(s);
      const auto verb = static_cast<DocumentVerb>(v);
      const auto to = next(state, verb);
      const auto row = listed.find({std::string(text_of(state)), std::string(text_of(verb))});
      const std::string at = std::string(text_of(state)) + " " + std::string(text_of(verb));
      if (row == listed.end()) {
        EXPECT_EQ(to, no(Refusal::move_not_listed)) << at;
      } else {
        ++found;
        ASSERT_TRUE(to) << at;
        EXPECT_EQ(text_of(*to), row->second) << at;
      }
    }
  EXPECT_EQ(found, listed.size());
}

}  // namespace trade::testing
