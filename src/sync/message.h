#pragma once
// What sites say to each other: requests and answers, and their bytes (docs/formats/sync.md). Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "io/net.h"
#include "journal/tree.h"

namespace syncing {

using crypto::Digest;

inline constexpr std::size_t message_bytes_max = io::message_bytes_max;
inline constexpr std::size_t rows_max = 1'024;  // of any list in a message
// Frames go together up to this size; a larger one goes alone.
inline constexpr std::size_t run_bytes_aim = 1u << 20;
// What a message holds beside frames or a document: notes, proofs, names.
inline constexpr std::size_t message_rest_bytes_max = 64u << 10;
inline constexpr std::size_t note_bytes_max = 32u << 10;
inline constexpr std::size_t words_bytes_max = 500;

enum class Refusal : std::uint8_t {
#define X(name, meaning) name,
#include "sync/refusal.def"
#undef X
};
int refusal_count();
std::string_view name(Refusal refusal);
std::string_view meaning(Refusal refusal);

// What a site holds of another's journal.
enum class Want : std::uint8_t {
  nothing,
  own,         // it is the site's own
  witness,     // its newest checkpoint, to cosign the next one
  entries,     // its entries; documents by digest, when they are needed
  everything,  // its entries, never without the documents that they name
};

// A journal that somebody holds, up to what is signed. Nothing of it: size 0 and no note.
struct Held {
  std::string origin;
  std::uint64_t size = 0;
  std::string note;  // the newest checkpoint, with the site's own signature alone
  static constexpr auto fields() { return std::tuple(&Held::origin, &Held::size, &Held::note); }
  friend bool operator==(const Held&, const Held&) = default;
};

// A part of a journal, proved: the bytes of its segments from the entry `from` on, whole frames and
// the headers between them, and that what is signed has them.
struct Run {
  std::string origin;
  std::uint64_t from = 0;
  std::string note;      // a checkpoint that covers the whole run
  journal::Proof proof;  // from the tree behind the run to the signed one
  std::string bytes;
  static constexpr auto fields() {
    return std::tuple(&Run::origin, &Run::from, &Run::note, &Run::proof, &Run::bytes);
  }
  friend bool operator==(const Run&, const Run&) = default;
};

// How a journal has grown: the root that its signed tree has at an earlier size.
struct Growth {
  std::string origin;
  std::uint64_t old_size = 0;
  Digest old_root;
  std::string note;
  journal::Proof proof;  // from the old size to the signed one; none from 0
  static constexpr auto fields() {
    return std::tuple(&Growth::origin, &Growth::old_size, &Growth::old_root, &Growth::note,
                      &Growth::proof);
  }
  friend bool operator==(const Growth&, const Growth&) = default;
};

// Requests.
struct Offer {  // "this is what I hold or would like to"; answered with Known
  std::vector<Held> journals;
  static constexpr auto fields() { return std::tuple(&Offer::journals); }
  friend bool operator==(const Offer&, const Offer&) = default;
};
struct Give {  // answered with Taken
  Run run;
  static constexpr auto fields() { return std::tuple(&Give::run); }
  friend bool operator==(const Give&, const Give&) = default;
};
struct Ask {  // answered with a Run from there on
  std::string origin;
  std::uint64_t from = 0;
  static constexpr auto fields() { return std::tuple(&Ask::origin, &Ask::from); }
  friend bool operator==(const Ask&, const Ask&) = default;
};
struct Show {  // for a witness that holds no copy, and after `does_not_continue`: Taken
  Growth growth;
  static constexpr auto fields() { return std::tuple(&Show::growth); }
  friend bool operator==(const Show&, const Show&) = default;
};
struct Prove {  // answered with a Growth
  std::string origin;
  std::uint64_t old_size = 0;
  static constexpr auto fields() { return std::tuple(&Prove::origin, &Prove::old_size); }
  friend bool operator==(const Prove&, const Prove&) = default;
};
struct GiveDocument {  // answered with Taken
  std::string origin;
  std::string bytes;
  static constexpr auto fields() { return std::tuple(&GiveDocument::origin, &GiveDocument::bytes); }
  friend bool operator==(const GiveDocument&, const GiveDocument&) = default;
};
struct AskDocument {  // answered with a Document
  std::string origin;
  Digest digest;
  static constexpr auto fields() { return std::tuple(&AskDocument::origin, &AskDocument::digest); }
  friend bool operator==(const AskDocument&, const AskDocument&) = default;
};
struct GiveCosignature {  // for a journal of whoever is asked; answered with Taken
  std::string origin;
  std::uint64_t size = 0;  // of the checkpoint; one that has a successor by now is passed over
  std::string line;        // of a signed note
  static constexpr auto fields() {
    return std::tuple(&GiveCosignature::origin, &GiveCosignature::size, &GiveCosignature::line);
  }
  friend bool operator==(const GiveCosignature&, const GiveCosignature&) = default;
};
using Request =
    std::variant<Offer, Give, Ask, Show, Prove, GiveDocument, AskDocument, GiveCosignature>;

// Answers. Any request may be refused.
struct Refused {
  Refusal refusal = Refusal::malformed;
  std::string words;       // for a person
  std::uint64_t size = 0;  // what is held of the journal in question
  static constexpr auto fields() {
    return std::tuple(&Refused::refusal, &Refused::words, &Refused::size);
  }
  friend bool operator==(const Refused&, const Refused&) = default;
};
struct Standing {
  Held held;
  std::uint64_t entries = 0;  // on the way to a newer checkpoint there are more than held.size
  Want want = Want::nothing;
  std::vector<Refused> objections;  // at most one: why no more of it is taken
  static constexpr auto fields() {
    return std::tuple(&Standing::held, &Standing::entries, &Standing::want, &Standing::objections);
  }
  friend bool operator==(const Standing&, const Standing&) = default;
};
struct Known {
  std::vector<Standing> journals;  // those of the offer, in its order
  static constexpr auto fields() { return std::tuple(&Known::journals); }
  friend bool operator==(const Known&, const Known&) = default;
};
struct Taken {
  std::uint64_t size = 0;       // entries that are held and on disk now
  std::string cosignature;      // a line under the note that was given; or nothing
  std::vector<Digest> lacking;  // documents that must come first; then nothing was taken
  static constexpr auto fields() {
    return std::tuple(&Taken::size, &Taken::cosignature, &Taken::lacking);
  }
  friend bool operator==(const Taken&, const Taken&) = default;
};
struct Document {
  std::string bytes;
  static constexpr auto fields() { return std::tuple(&Document::bytes); }
  friend bool operator==(const Document&, const Document&) = default;
};
using Answer = std::variant<Refused, Known, Taken, Run, Growth, Document>;

// The number is the asker's, who finds the answer to a request by it.
std::string encode(std::uint64_t number, const Request& request);
std::string encode(std::uint64_t number, const Answer& answer);

template <class Body>
struct Numbered {
  std::uint64_t number = 0;
  Body body;
};
// Error: evidence_bad for anything but what encode writes.
base::Result<Numbered<Request>> parse_request(std::string_view bytes);
base::Result<Numbered<Answer>> parse_answer(std::string_view bytes);

}  // namespace syncing
