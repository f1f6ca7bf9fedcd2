#include "journal/scan.h"

#include <algorithm>

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

// Reads a whole file into a buffer that keeps its memory from file to file. The size that the disk
// states is only a first guess.
Result<std::string_view> read_into(io::Disk& disk, const io::Path& path, std::string& buffer) {
  const auto reader = TRY(disk.open(path));
  constexpr std::uint64_t step_max = 1u << 20;
  const std::size_t step = std::clamp<std::uint64_t>(reader->size_bytes() + 1, 512, step_max);
  std::size_t size = 0;
  while (true) {
    if (buffer.size() < size + step) buffer.resize(size + step);
    const std::size_t got = TRY(reader->read(std::span(buffer).subspan(size, step)));
    if (got == 0) return std::string_view(buffer).substr(0, size);
    size += got;
  }
}

class Scanner {
 public:
  Scanner(const OnFrame& on_frame, const Place& begin) : on_frame_(on_frame) { end_.place = begin; }

  // Takes the bytes of the next segment; false once there is a fault.
  bool segment(const std::string& name, std::string_view bytes, bool is_newest) {
    Place& place = end_.place;
    if (place.segment != name) {
      place.segment = name;
      place.offset = 0;
    }
    end_.last_frame.clear();
    if (!header(bytes)) return false;
    while (place.offset < bytes.size()) {
      const std::string_view rest = bytes.substr(place.offset);
      const FrameFault fault = read_frame(rest, place.next, place.link, frame_);
      if (fault != FrameFault::none) {
        refuse(to_text(fault));
        end_.is_last = is_newest && !find_frame(bytes, place.offset + 1, place.next);
        if (end_.is_last) end_.broken = rest;
        return false;
      }
      on_frame_(frame_, place);
      place.offset += frame_.bytes;
      place.next += frame_.entries.size();
      place.link = frame_.check;
      if (is_newest && place.offset == bytes.size()) end_.last_frame = rest.substr(0, frame_.bytes);
    }
    return true;
  }

  void refuse(std::string_view why) {
    end_.fault = Fault{end_.place.segment, end_.place.next, end_.place.offset, std::string(why)};
  }
  ScanEnd take() { return std::move(end_); }

 private:
  bool header(std::string_view bytes) {
    Place& place = end_.place;
    const auto parsed = parse_header(bytes);
    if (!parsed) {
      place.offset = 0;
      refuse(parsed.error().message);
      return false;
    }
    const SegmentHeader& header = parsed->header;
    const bool resumed = place.offset > 0;  // in the middle of a segment, from a snapshot
    if (resumed || place.next == header.first) {
      if (segment_name(header.first) != place.segment)
        return refuse("the file is not named after its first entry"), false;
      if (!resumed && header.link != place.link)
        return refuse("the segment does not link to the one before it"), false;
      if (!end_.key.name.empty() && !(end_.key == header.key))
        return refuse("the segment is under another key than the one before it"), false;
    } else {
      return refuse(fmt::format("the segment begins with entry {}; entry {} is missing",
                                header.first, place.next)),
             false;
    }
    end_.key = header.key;
    if (resumed) return place.offset >= parsed->bytes;
    place.offset = parsed->bytes;
    place.link = parsed->check;
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
  std::string buffer;
  for (const std::string& name : names) {
    const std::string_view bytes = TRY(read_into(disk, folder / name, buffer));
    if (!scanner.segment(name, bytes, name == names.back())) break;
  }
  return scanner.take();
}

}  // namespace journal
