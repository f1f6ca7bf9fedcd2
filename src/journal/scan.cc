#include "journal/scan.h"

#include <algorithm>
#include <cstring>

#include <fmt/core.h>

#include "journal/bytes.h"

namespace journal {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view segment_prefix = "segment-";
constexpr std::size_t segment_digits = 20;

bool is_segment(std::string_view name) {
  return name.size() == segment_prefix.size() + segment_digits &&
         name.starts_with(segment_prefix) &&
         std::ranges::all_of(name.substr(segment_prefix.size()),
                             [](char c) { return c >= '0' && c <= '9'; });
}

// A window that moves over a file. The size that the disk states is only a first guess.
class Window {
 public:
  explicit Window(io::Reader& reader)
      : reader_(reader),
        step_(std::clamp<std::uint64_t>(reader.size_bytes() + 1, 512, 256u << 10)) {}

  // What has been read and not been dropped.
  std::string_view bytes() const { return std::string_view(buffer_).substr(begin_, end_ - begin_); }
  bool at_end() const { return at_end_; }
  void drop(std::size_t count) { begin_ += count; }
  // Reads on. What was read before stays in front, but views of it end here.
  Result<> more() {
    if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
    if (buffer_.size() < end_ + step_) buffer_.resize(std::max(end_ + step_, 2 * buffer_.size()));
    const std::size_t got = TRY(reader_.read(std::span(buffer_).subspan(end_)));
    end_ += got;
    at_end_ = got == 0;
    return {};
  }
  Result<> rest() {
    while (!at_end_) TRY(more());
    return {};
  }

 private:
  io::Reader& reader_;
  std::size_t step_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool at_end_ = false;
};

class Scanner {
 public:
  Scanner(const OnFrame& on_frame, const Place& begin) : on_frame_(on_frame) { end_.place = begin; }

  // Takes the next segment; false once there is a fault. A segment that had one is read on from
  // there, as if the fault had not been.
  Result<bool> segment(const std::string& name, io::Reader& reader, bool is_newest) {
    Place& place = end_.place;
    end_.fault.reset();
    end_.is_last = false;
    end_.broken.clear();
    if (place.segment != name) {
      place.segment = name;
      place.offset = 0;
      end_.last_frame_bytes = 0;
    }
    Window window(reader);
    if (!TRY(header(window))) return false;
    while (true) {
      const FrameFault fault = TRY(next_frame(window));
      if (window.bytes().empty()) return true;
      if (fault != FrameFault::none) return judge(fault, window, is_newest);
      on_frame_(frame_, place);
      end_.last_frame_bytes = frame_.bytes;
      window.drop(frame_.bytes);
      place.offset += frame_.bytes;
      place.next += frame_.entries.size();
      place.link = frame_.check;
    }
  }

  // False, so that a reader may return it.
  bool refuse(std::string_view why) {
    end_.fault = Fault{end_.place.segment, end_.place.next, end_.place.offset, std::string(why)};
    return false;
  }
  std::uint64_t next() const { return end_.place.next; }
  ScanEnd take() { return std::move(end_); }

 private:
  // Reads on until the window holds a whole frame, or the end.
  Result<FrameFault> next_frame(Window& window) {
    while (true) {
      const FrameFault fault = read_frame(window.bytes(), end_.place.next, end_.place.link, frame_);
      if (fault != FrameFault::ends_early || window.at_end()) return fault;
      TRY(window.more());
    }
  }

  // What it means that no whole frame is at the front of the window: true if only the space for
  // later ones is left. Otherwise whether anything whole lies behind the fault; the link of the
  // frame behind may be its last 32 bytes, so they stay in view.
  Result<bool> judge(FrameFault fault, Window& window, bool is_newest) {
    if (!is_newest) return refuse(to_text(fault));
    TRY(window.rest());
    const std::string_view left = without_zeros(window.bytes());
    if (left.empty()) return true;
    end_.is_last = !find_frame(window.bytes(), 1, end_.place.next);
    if (end_.is_last) end_.broken = left;
    return refuse(to_text(fault));
  }

  // Reads the header, and drops all before the place where frames are to be read.
  Result<bool> header(Window& window) {
    while (!window.at_end() && window.bytes().size() < header_bytes_max) TRY(window.more());
    Place& place = end_.place;
    const auto parsed = parse_header(window.bytes());
    if (!parsed) {
      place.offset = 0;
      return refuse(parsed.error().message);
    }
    const bool resumed = place.offset > 0;  // in the middle of a segment, from a snapshot
    if (const std::string why = objection(parsed->header, place, end_.key); !why.empty())
      return refuse(why);
    end_.key = parsed->header.key;
    if (!resumed) {
      place.offset = parsed->bytes;
      place.link = parsed->check;
    }
    for (std::uint64_t skip = place.offset; skip > 0;) {
      const std::size_t here = std::min<std::uint64_t>(skip, window.bytes().size());
      window.drop(here);
      skip -= here;
      if (skip > 0 && window.at_end()) return refuse("the segment ends before this place");
      if (skip > 0) TRY(window.more());
    }
    return true;
  }

  const OnFrame& on_frame_;
  ScanEnd end_;
  Frame frame_;
};

}  // namespace

std::string to_string(const Fault& fault) {
  std::string text = fmt::format("{}, byte {}", fault.file, fault.byte);
  if (fault.entry) text += fmt::format(", entry {}", *fault.entry);
  return text + ": " + fault.why;
}

std::string objection(const SegmentHeader& header, const Place& place, const VerifierKey& key) {
  const bool is_begin = place.offset == 0;
  if (is_begin && header.first != place.next)
    return fmt::format("the segment begins with entry {}; entry {} is missing", header.first,
                       place.next);
  if (segment_name(header.first) != place.segment)
    return "the file is not named after its first entry";
  if (is_begin && header.link != place.link)
    return "the segment does not link to the one before it";
  if (!key.name.empty() && !(key == header.key))
    return "the segment is under another key than the one before it";
  return {};
}

std::string segment_name(std::uint64_t first) {
  return fmt::format("{}{:0{}}", segment_prefix, first, segment_digits);
}

Result<std::vector<std::string>> list_segments(io::Disk& disk, const io::Path& folder) {
  auto names = TRY(disk.list(folder));
  std::erase_if(names, [](const std::string& name) { return !is_segment(name); });
  return names;
}

Result<ScanEnd> scan(io::Disk& disk, const io::Path& folder, const Place& begin,
                     const OnFrame& on_frame) {
  auto names = TRY(list_segments(disk, folder));
  std::erase_if(names, [&](const std::string& name) { return name < begin.segment; });
  if (names.empty())
    return base::fail(ErrorCode::evidence_bad,
                      fmt::format("{}: holds no segment of a journal", folder.string()));
  Scanner scanner(on_frame, begin);
  for (const std::string& name : names) {
    const bool is_newest = name == names.back();
    // In a journal that is being written, what was space when it was read may be a frame by now. A
    // fault is one that is found at the same entry twice.
    for (std::optional<std::uint64_t> fault_at;; fault_at = scanner.next()) {
      const auto reader = TRY(disk.open(folder / name));
      if (TRY(scanner.segment(name, *reader, is_newest))) break;
      if (!is_newest || fault_at == scanner.next()) return scanner.take();
    }
  }
  return scanner.take();
}

}  // namespace journal
