#include "api/event_streams.h"

#include <algorithm>
#include <future>
#include <limits>

#include "api/identity.h"
#include "base/result.h"
#include "journal/cursor.h"

namespace api {
namespace {

// New streams, and an end, are noticed within this time.
constexpr std::int64_t wait_ms_max = 100;
// Between two looks at a stream's session.
constexpr double session_seconds = 1;

struct Happened {
  EventId id;
  trade::Event event;
};

// Events as texts, with the names that the book gives to their lines; in the core's thread, because
// only there is a book. None for a caller who is no longer enrolled; nothing if the core is busy.
std::optional<std::vector<std::string>> write_for(const site::Caller& caller, site::Core& core,
                                                  const std::vector<Happened>& events) {
  std::promise<std::vector<std::string>> written;
  auto waiting = written.get_future();
  const bool is_asked = core.ask([&](const site::View& view) {
    std::vector<std::string> texts(may_look(view.own, caller) ? events.size() : 0);
    for (std::size_t i = 0; i < texts.size(); ++i)
      (void)append_event(events[i].id, events[i].event, Names(view.own, &view.book), texts[i]);
    written.set_value(std::move(texts));
  });
  if (!is_asked) return std::nullopt;
  return waiting.get();
}

}  // namespace

struct EventStreams::Reader {
  http::Stream stream;
  Listener listener;
  double end_seconds = 0;
  double asked_seconds = 0;  // when its session was looked at last
  EventId next;              // the first that was not read
  std::optional<journal::Cursor> cursor;
  std::vector<Happened> waiting;  // read, and not sent yet
};

EventStreams::EventStreams(site::Core& core, site::Door& door, io::Clock& clock, io::Disk& disk,
                           io::Path journal)
    : core_(core),
      door_(door),
      clock_(clock),
      disk_(disk),
      journal_(std::move(journal)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}
EventStreams::~EventStreams() = default;

void EventStreams::handle(Listener listener, std::string_view last_event_id, Exchange exchange) {
  EventId next{core_.committed(), 0};
  if (!last_event_id.empty()) {
    const auto last = parse_event_id(last_event_id);
    if (!last || last->entry >= next.entry)
      return exchange.answer(Problem(Trouble::event_id_wrong));
    constexpr auto place_max = std::numeric_limits<std::uint32_t>::max();
    next = last->place == place_max ? EventId{last->entry + 1, 0}
                                    : EventId{last->entry, last->place + 1};
  }
  auto reader = std::make_unique<Reader>();
  reader->stream = exchange.stream();
  reader->listener = std::move(listener);
  reader->end_seconds = clock_.seconds() + stream_seconds_max;
  reader->next = next;
  ++count_;
  const std::lock_guard lock(mutex_);
  new_.push_back(std::move(reader));
}

void EventStreams::take_new(std::vector<std::unique_ptr<Reader>>& readers) {
  const std::lock_guard lock(mutex_);
  std::ranges::move(new_, std::back_inserter(readers));
  new_.clear();
}

bool EventStreams::may_go_on(Reader& reader) {
  const double now = clock_.seconds();
  if (!reader.stream.is_open() || now >= reader.end_seconds) return false;
  if (reader.listener.token.empty() || now < reader.asked_seconds + session_seconds) return true;
  reader.asked_seconds = now;
  return door_.holds(reader.listener.token);
}

void EventStreams::run(const std::stop_token& stop) {
  std::vector<std::unique_ptr<Reader>> readers;
  std::uint64_t seen = core_.committed();
  while (!stop.stop_requested()) {
    take_new(readers);
    const std::uint64_t committed = core_.committed();
    bool is_behind = false;
    const auto gone = std::ranges::remove_if(readers, [&](const auto& reader) {
      const bool goes_on = may_go_on(*reader) && turn(*reader, committed);
      is_behind |= goes_on && (reader->next.entry < committed || !reader->waiting.empty());
      return !goes_on;
    });
    count_ -= gone.size();
    readers.erase(gone.begin(), gone.end());
    if (!is_behind) core_.wait_committed(seen, wait_ms_max);
    seen = committed;
  }
}

// Reads on and sends, at most turn_events_max events. False if the stream is over: the client is
// gone or too slow, or the journal cannot be read; it may come back with its last event.
bool EventStreams::turn(Reader& reader, std::uint64_t committed) {
  if (!reader.waiting.empty()) return send(reader);
  if (reader.next.entry >= committed) return true;
  if (!reader.cursor) {
    auto opened = journal::Cursor::open(disk_, journal_, reader.next.entry);
    if (!opened) return false;
    reader.cursor = *std::move(opened);
  }
  while (reader.waiting.size() < turn_events_max) {
    const auto item = reader.cursor->next(committed);
    if (!item) return false;
    if (!*item) break;
    const std::uint32_t first = reader.next.entry == (*item)->index ? reader.next.place : 0;
    reader.next = {(*item)->index + 1, 0};
    if ((*item)->entry.kind != journal::EntryKind::events) continue;
    const auto events = journal::unpack_events((*item)->entry.body);
    if (!events) return false;
    for (std::uint32_t place = first; place < events->size(); ++place)
      if (auto event = trade::decode((*events)[place]))
        reader.waiting.push_back({{(*item)->index, place}, *std::move(event)});
  }
  return reader.waiting.empty() || send(reader);
}

bool EventStreams::send(Reader& reader) {
  const auto texts = write_for(reader.listener.caller, core_, reader.waiting);
  if (!texts) return true;
  if (texts->size() < reader.waiting.size()) return false;
  for (std::size_t i = 0; i < texts->size(); ++i)
    if (!reader.stream.send({to_string(reader.waiting[i].id), "", (*texts)[i]})) return false;
  reader.waiting.clear();
  return true;
}

}  // namespace api
