#pragma once
// A small site for tests: a store on a simulated disk, and wishes in one call.

#include <string>
#include <utility>
#include <vector>

#include "crypto/sha256.h"
#include "io/sim_disk.h"
#include "site/loop.h"
#include "trade/testing/kit.h"

namespace site::testing {

using trade::testing::milk;
using trade::testing::soap;
using trade::testing::store_code;

inline const trade::SiteOpened the_store{store_code, trade::SiteKind::store, 1};
inline const io::Path journal_path = "data/journal";

// What the request's key and content make of it.
inline trade::RequestId request_of(const std::string& key, const std::string& content) {
  trade::RequestId made;
  std::copy_n(crypto::sha256(key).bytes.begin(), 8, made.bytes.begin());
  std::copy_n(crypto::sha256(content).bytes.begin(), 8, made.bytes.begin() + 8);
  return made;
}

inline trade::PublicKey key_of(std::uint8_t number) {
  trade::PublicKey made;
  made.bytes.fill(number);
  return made;
}

inline Wish wish(trade::Body body, trade::Origin origin = {}) {
  return {origin,
          [body = std::move(body)](
              const trade::Partition&) -> std::expected<trade::Body, trade::No> { return body; }};
}

// Milk that is sold by the site's first person, under the request's key.
inline Wish sale(const std::string& key, trade::Units units = 1) {
  trade::Origin origin;
  origin.actor = trade::ActorNo{1};
  origin.request = request_of(key, std::to_string(units));
  return wish(trade::GoodsMoved{trade::Cause::sale, {{soap, units, 210 * units, {}}}}, origin);
}

// Hands the wishes over as one batch; their outcomes.
inline std::vector<Outcome> batch(Loop& loop, std::vector<Wish> wishes) {
  std::vector<Outcome> outcomes;
  std::vector<Job> jobs;
  for (Wish& one : wishes)
    jobs.push_back(Wanted{
        std::move(one), [&](const Outcome& outcome, const View&) { outcomes.push_back(outcome); }});
  loop.commit(jobs);
  loop.answer(jobs);
  return outcomes;
}
inline Outcome one(Loop& loop, Wish wanted) {
  std::vector<Wish> wishes;
  wishes.push_back(std::move(wanted));
  return batch(loop, std::move(wishes)).at(0);
}

// "done", "repeated", or why not.
inline std::string word(const Outcome& outcome) {
  if (outcome) return outcome->is_repeated ? "repeated" : "done";
  if (const auto* no = std::get_if<trade::No>(&outcome.error().why))
    return std::string(row_of(no->why).name);
  switch (std::get<Trouble>(outcome.error().why)) {
    case Trouble::other_content:
      return "other_content";
    case Trouble::answer_gone:
      return "answer_gone";
    case Trouble::not_written:
      return "not_written";
    case Trouble::read_only:
      break;
  }
  return "read_only";
}

// Lines, a trading day, a manager (1), a colleague (2) and a till (1).
inline std::vector<Wish> opening() {
  std::vector<Wish> wishes;
  for (const trade::Body& body : trade::testing::opening_of(store_code))
    if (!std::holds_alternative<trade::SiteOpened>(body)) wishes.push_back(wish(body));
  wishes.push_back(wish(trade::PersonEnrolled{{}, trade::Role::manager, key_of(1)}));
  wishes.push_back(wish(trade::PersonEnrolled{{}, trade::Role::colleague, key_of(2)}));
  wishes.push_back(wish(trade::DeviceEnrolled{{}, key_of(3)}));
  return wishes;
}

// Where the journal's only segment ends, without space that may have been made behind it.
inline std::uint64_t written_bytes(io::Disk& disk) {
  const auto bytes = io::read_file(disk, journal_path / journal::segment_name(0));
  return bytes ? bytes->find_last_not_of('\0') + 1 : 0;
}

inline CoreOptions store_options() {
  CoreOptions options;
  options.data = "data";
  options.site = the_store;
  options.estate = "sample";
  options.has_threads = false;
  return options;
}

// The world of one site.
struct World {
  io::SimClock clock{1'793'440'000'000};  // on trade::testing::today
  io::SimEntropy entropy{5};
  CoreOptions options = store_options();

  base::Result<std::unique_ptr<Loop>> try_open(io::Disk& disk) {
    return Loop::open(options, disk, clock, entropy);
  }
  std::unique_ptr<Loop> open(io::Disk& disk) {
    auto loop = try_open(disk);
    EXPECT_TRUE(loop) << (loop ? "" : loop.error().message);
    return loop ? *std::move(loop) : nullptr;
  }
  // A store that has its lines and its people.
  std::unique_ptr<Loop> open_new(io::Disk& disk) {
    auto loop = open(disk);
    for (const Outcome& outcome : batch(*loop, opening())) EXPECT_EQ(word(outcome), "done");
    return loop;
  }
};

// 0 also where the line has not been opened yet.
inline trade::Units on_hand(const Loop& loop, trade::LineNo line = soap) {
  const trade::Partition& own = loop.fold().own();
  return own.goods.has(line) ? own.stock.on_hand(line) : 0;
}

}  // namespace site::testing
