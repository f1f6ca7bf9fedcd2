#pragma once
// From a journal's entries to the records: what is found again of each event, what each line sold,
// and which document tells of which night. It folds the journal itself, so that records can be made
// anew from nothing else.

#include "journal/cursor.h"
#include "records/records.h"
#include "trade/book.h"

namespace site {

class RecordKeeper {
 public:
  // Reads from the first entry on; what the records hold already is folded and not written again.
  static base::Result<RecordKeeper> open(io::Disk& disk, const io::Path& data,
                                         const io::Path& journal, trade::SiteCode site);

  // Takes up to entries_max more entries of those that are committed, all in one transaction.
  // Returns how many. After an error the records are as before.
  base::Result<std::uint64_t> keep(std::uint64_t committed, std::uint64_t entries_max);

  // The document that tells of a day's night. Errors: input_missing where there was none,
  // evidence_bad where the document is not the one that the journal names.
  base::Result<std::string> night(base::Date day);

  records::Records& records() { return records_; }
  // Entries that have been read.
  std::uint64_t next() const { return next_; }

 private:
  RecordKeeper(io::Disk& disk, io::Path journal, journal::Cursor cursor, records::Records records,
               trade::SiteCode site)
      : disk_(&disk),
        journal_(std::move(journal)),
        cursor_(std::move(cursor)),
        records_(std::move(records)),
        site_(site) {}
  base::Result<> take(const journal::Cursor::Item& item, bool is_new);
  base::Result<> note_document(std::string_view body);
  base::Result<std::string> read_document(const journal::Digest& digest) const;
  base::Result<> write(std::uint64_t entry, std::uint32_t place, std::int64_t at_ms,
                       std::string_view bytes, const trade::Event& event);
  base::Result<> add_sales(const trade::Body& body);
  base::Result<> note_empty(const trade::Event& event, std::span<const trade::LineNo> lines);

  io::Disk* disk_;
  io::Path journal_;
  journal::Cursor cursor_;
  records::Records records_;
  trade::SiteCode site_;
  trade::Book book_;
  std::uint64_t next_ = 0;
};

}  // namespace site
