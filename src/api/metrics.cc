#include "api/metrics.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/routes.h"

namespace api {
namespace {

class Text {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void sample(std::string_view name, std::string_view labels, std::uint64_t value) {
    fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, labels, value);
  }
  void one(std::string_view name, std::string_view type, std::string_view help,
           std::uint64_t value) {
    family(name, type, help);
    sample(name, {}, value);
  }
  std::string out;
};

void write_core(Text& text, const Metrics::Site& site) {
  const site::CoreCounts& core = site.core;
  text.one("stockade_commits_total", "counter", "Commits to the journal.", core.commits);
  text.one("stockade_events_total", "counter", "Events of the site's own.", core.events);
  text.one("stockade_refusals_total", "counter", "Commands that were refused.", core.refusals);
  text.one("stockade_questions_total", "counter", "Questions that were answered.", core.questions);
  text.one("stockade_turned_away_total", "counter", "Requests that found the queue full.",
           core.turned_away);
  text.one("stockade_journal_entries", "gauge", "Entries of the journal that are on disk.",
           core.committed_entries);
  text.one("stockade_journal_unsigned_entries", "gauge", "Entries that no checkpoint covers.",
           site.unsigned_entries);
  text.one("stockade_journal_takes_entries", "gauge", "1 if the journal takes entries.",
           site.takes_entries ? 1 : 0);
  text.one("stockade_journal_checkpoint_age_seconds", "gauge",
           "Since the newest checkpoint was stored.",
           static_cast<std::uint64_t>(site.checkpoint_age_ms / 1'000));
  text.one("stockade_orders_not_placed", "gauge",
           "Orders that were refused at their cut-off and wait for a person.",
           site.orders_not_placed);
  text.one("stockade_queue_length", "gauge", "Commands and questions that wait for the core.",
           core.waiting);
  text.one("stockade_sessions_open", "gauge", "Sessions of people that have not ended.",
           site.sessions);
  text.one("stockade_event_streams_open", "gauge", "Readers of live events.", site.streams);
  text.family("stockade_security_events_total", "counter", "What an attacker might have done.");
  for (std::size_t i = 0; i < site.security.size(); ++i)
    text.sample("stockade_security_events_total",
                fmt::format("{{kind=\"{}\"}}", text_of(static_cast<trade::SecurityKind>(i))),
                site.security[i]);
}

void write_history(Text& text, const Metrics::Site::History& history) {
  text.one("stockade_history_entries", "gauge", "Entries of the journal that the history holds.",
           history.entries);
  text.one("stockade_history_lag_entries", "gauge",
           "Entries that are on disk and not in the history yet.", history.lag_entries);
  text.one("stockade_history_follows", "gauge",
           "1 if nothing stops the history from following the journal.", history.follows ? 1 : 0);
}

void write_roster(Text& text, const site::RosterInUse::Standing& roster) {
  text.one("stockade_roster_number", "gauge", "Number of the roster in use.", roster.number);
  text.one("stockade_roster_follows", "gauge", "1 if the roster's file holds the one in use.",
           roster.refused_why.empty() ? 1 : 0);
  text.one("stockade_roster_refusals_total", "counter",
           "Contents of the roster's file that were not taken over.", roster.refusals);
}

void write_continuity(Text& text, const ContinuityCopies& copies) {
  text.one("stockade_continuity_copy_timestamp_seconds", "gauge",
           "When the newest continuity copy was made, since 1970; 0 if there is none.",
           copies.newest_s);
  text.one("stockade_continuity_copy_failing", "gauge",
           "1 if the last try to make a continuity copy failed.", copies.is_failing ? 1 : 0);
}

void write_cards(Text& text, const site::CardCounts& cards) {
  text.one("stockade_notices_booked_total", "counter", "Notices of sites that were booked.",
           cards.booked);
  text.one("stockade_card_holds_expired_total", "counter", "Holds of cards that ended by time.",
           cards.expired);
  text.one("stockade_pending_cards_handed_over_total", "counter",
           "Pending cards that were handed over to their owner.", cards.handed_over);
  text.family("stockade_notice_refused", "gauge",
              "1 for each site whose next notice cannot be booked.");
  for (const site::RefusedNotice& row : cards.refused)
    text.sample(
        "stockade_notice_refused",
        fmt::format("{{site=\"{:04}\",why=\"{}\"}}", static_cast<std::uint16_t>(row.from), row.why),
        1);
}

void write_server(Text& text, const http::ServerCounts& counts) {
  text.one("stockade_http_connections_total", "counter", "Connections accepted.",
           counts.connections);
  text.one("stockade_http_connections_open", "gauge", "Connections open now.",
           counts.connections_open);
  text.one("stockade_http_connections_refused_total", "counter", "Connections turned away.",
           counts.connections_refused);
  text.one("stockade_http_requests_open", "gauge", "Requests that wait for their answer.",
           counts.requests_open);
  text.one("stockade_http_malformed_total", "counter", "Requests that were no plain HTTP/1.1.",
           counts.refused_malformed);
  text.one("stockade_http_busy_total", "counter", "Requests refused because too many waited.",
           counts.refused_busy);
  text.one("stockade_http_timed_out_total", "counter", "Connections that were too slow.",
           counts.timed_out);
  text.one("stockade_http_streams_open", "gauge", "Event streams open now.", counts.streams_open);
  text.one("stockade_http_streams_cut_total", "counter", "Event streams that read too slowly.",
           counts.streams_cut);
}

}  // namespace

Metrics::Metrics() : answers_(routes().size() + 1) {}

void Metrics::count(std::size_t route, int status, std::int64_t micros) {
  const auto status_class = static_cast<std::size_t>(std::clamp(status / 100, 1, 5)) - 1;
  answers_[route][status_class].fetch_add(1, std::memory_order_relaxed);
  const auto bucket = std::ranges::lower_bound(bucket_micros_max, micros);
  buckets_[static_cast<std::size_t>(bucket - bucket_micros_max.begin())].fetch_add(
      1, std::memory_order_relaxed);
  micros_.fetch_add(static_cast<std::uint64_t>(micros), std::memory_order_relaxed);
}

std::string Metrics::text(const Site& site) const {
  Text text;
  text.family("stockade_requests_total", "counter", "Requests by resource and class of status.");
  for (std::size_t i = 0; i < answers_.size(); ++i)
    for (std::size_t c = 0; c < classes; ++c) {
      const std::uint64_t count = answers_[i][c].load(std::memory_order_relaxed);
      if (count == 0) continue;
      const bool is_known = i < routes().size();
      text.sample("stockade_requests_total",
                  fmt::format("{{method=\"{}\",path=\"{}\",status=\"{}xx\"}}",
                              is_known ? http::name(routes()[i].method) : "any",
                              is_known ? routes()[i].path : "other", c + 1),
                  count);
    }
  text.family("stockade_request_seconds", "histogram", "From the request's end to its answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    sum += buckets_[i].load(std::memory_order_relaxed);
    const std::string bound =
        i < bucket_micros_max.size()
            ? fmt::format("{}", static_cast<double>(bucket_micros_max[i]) / 1e6)
            : "+Inf";
    text.sample("stockade_request_seconds_bucket", fmt::format("{{le=\"{}\"}}", bound), sum);
  }
  fmt::format_to(std::back_inserter(text.out),
                 "stockade_request_seconds_sum {:.6f}\nstockade_request_seconds_count {}\n",
                 static_cast<double>(micros_.load(std::memory_order_relaxed)) / 1e6, sum);
  write_core(text, site);
  if (site.history) write_history(text, *site.history);
  if (site.roster) write_roster(text, *site.roster);
  if (site.continuity) write_continuity(text, *site.continuity);
  if (site.cards) write_cards(text, *site.cards);
  if (site.server) write_server(text, *site.server);
  return std::move(text.out);
}

}  // namespace api
