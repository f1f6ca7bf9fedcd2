#include "sync/dialler.h"

#include <algorithm>

namespace syncing {
namespace {

using base::Result;

// So often an answer may bring a journal no further before it is left for the next exchange.
constexpr int stalls_max = 3;

}  // namespace

Dialler::Dialler(Holdings& holdings, std::uint64_t first_number, std::uint64_t at_s)
    : holdings_(holdings), number_(first_number), at_s_(at_s), origins_(holdings.origins()) {}

std::optional<std::string> Dialler::next() {
  while (!request_) {
    if (jobs_.empty() && offered_ >= origins_.size()) plan_wanted();
    std::expected<Request, No> made = Request();
    if (!cosignatures_.empty()) {
      made = cosignatures_.front();
    } else if (offered_ < origins_.size()) {
      made = offer();
    } else if (jobs_.empty()) {
      return std::nullopt;
    } else {
      made = documents_.empty() ? request_of(jobs_.front()) : next_document();
    }
    if (!made) {
      stop_unproved(made.error(), true);
      continue;
    }
    request_ = *std::move(made);
    bytes_ = encode(number_++, *request_);
  }
  return bytes_;
}

// Once, when all else is done: a document that this site wants by itself.
void Dialler::plan_wanted() {
  if (std::exchange(has_asked_wanted_, true)) return;
  const auto wanted = holdings_.wanted_document();
  if (!wanted) return;
  jobs_.push_back({Way::ask, wanted->first, 0, false, 0, {}});
  documents_.push_back(wanted->second);
}

Offer Dialler::offer() const {
  Offer offer;
  const std::size_t end = std::min(origins_.size(), offered_ + rows_max);
  for (std::size_t i = offered_; i < end; ++i)
    offer.journals.push_back(holdings_.held(origins_[i]));
  return offer;
}

std::expected<Request, No> Dialler::request_of(Job& job) {
  switch (job.way) {
    case Way::give: {
      auto run = holdings_.run(job.origin, job.theirs);
      if (run) return Give{*std::move(run)};
      if (run.error().refusal != Refusal::does_not_continue || job.theirs == 0)
        return std::unexpected(run.error());
      // Their part ends within a commit of ours, so it is not a part of ours.
      job.doubt = run.error();
      job.way = Way::show;
      return request_of(job);
    }
    case Way::show:
      return Show{TRY(holdings_.growth(job.origin, job.theirs))};
    case Way::ask:
      return Ask{job.origin, holdings_.standing(job.origin).entries};
    case Way::prove:
      return Prove{job.origin, job.theirs};
  }
  return std::unexpected(No{});
}

std::expected<Request, No> Dialler::next_document() {
  const Job& job = jobs_.front();
  if (job.way == Way::ask) return AskDocument{job.origin, documents_.front()};
  std::string bytes = TRY(holdings_.document(job.origin, documents_.front()));
  return GiveDocument{job.origin, std::move(bytes)};
}

bool Dialler::take(std::string_view bytes) {
  if (!request_) return false;
  const auto answer = parse_answer(bytes);
  if (!answer || answer->number + 1 != number_) return false;
  if (!std::visit([this](const auto& it) { return on(it); }, answer->body)) return false;
  request_.reset();
  return true;
}

// Which of us lacks what.
void Dialler::plan(const Standing& theirs) {
  const std::string& origin = theirs.held.origin;
  const auto report = [&](const No& no, bool is_ours) {
    exchanged_.stopped.push_back({origin, no, is_ours});
  };
  if (const auto no = holdings_.compare(theirs.held)) return report(*no, true);
  for (const Refused& no : theirs.objections) return report({no.refusal, no.words, no.size}, false);
  const Standing mine = holdings_.standing(origin);
  const bool is_own = mine.want == Want::own;
  const std::uint64_t size = mine.held.size;
  Job job{Way::give, origin, theirs.entries, theirs.want == Want::own, 0, {}};
  if (theirs.held.size < size || (is_own && size > 0 && theirs.held.size == size)) {
    if (theirs.want < Want::witness) return;
    if (theirs.want == Want::witness) job.way = Way::show;
  } else if (theirs.held.size > size && mine.want >= Want::witness) {
    if (!mine.objections.empty()) {
      const Refused& no = mine.objections.front();
      return report({no.refusal, no.words, no.size}, true);
    }
    job.way = mine.want == Want::witness ? Way::prove : Way::ask;
    job.theirs = size;  // where a proof has to begin
  } else {
    return;
  }
  jobs_.push_back(job);
}

void Dialler::stop(No no, bool is_ours) {
  exchanged_.stopped.push_back({jobs_.front().origin, std::move(no), is_ours});
  end_job();
}

// Whoever has no proof to show leaves the doubt as it was.
void Dialler::stop_unproved(const No& no, bool is_ours) {
  const auto doubt = jobs_.front().doubt;
  stop(doubt && no.refusal == Refusal::behind ? *doubt : no, is_ours);
}

void Dialler::end_job() {
  jobs_.pop_front();
  documents_.clear();
}

// Where frames do not fit together, a proof tells whether two histories are signed.
void Dialler::doubt(const No& no, bool is_ours, Way proof) {
  Job& job = jobs_.front();
  const bool is_about_history =
      no.refusal == Refusal::does_not_continue || no.refusal == Refusal::bad_proof;
  if (!is_about_history || no.size == 0 || job.doubt) return stop(no, is_ours);
  job.doubt = no;
  job.way = proof;
  job.theirs = no.size;
}

void Dialler::note_progress(bool has_moved) {
  Job& job = jobs_.front();
  job.stalls = has_moved ? 0 : job.stalls + 1;
  if (job.stalls > stalls_max) stop({Refusal::failed, "nothing moves", job.theirs}, false);
}

bool Dialler::on(const Refused& answer) {
  const No no{answer.refusal, answer.words, answer.size};
  if (std::holds_alternative<GiveCosignature>(*request_)) {
    cosignatures_.pop_front();
  } else if (std::holds_alternative<Offer>(*request_)) {
    exchanged_.stopped.push_back({{}, no, false});
    offered_ = origins_.size();
  } else if (std::holds_alternative<GiveDocument>(*request_) &&
             no.refusal == Refusal::not_asked_for) {
    documents_.clear();  // the other side has forgotten what it asked for; the run reminds it
    note_progress(false);
  } else if (std::holds_alternative<Give>(*request_)) {
    doubt(no, false, Way::show);
  } else if (const auto* ask = std::get_if<Ask>(&*request_);
             ask != nullptr && no.refusal == Refusal::does_not_continue) {
    // Our part ends within a commit of theirs: what is signed of it tells more.
    const auto copy = holdings_.copies().find(ask->origin);
    const auto* base = copy ? (*copy)->base_for(no.size) : nullptr;
    doubt({no.refusal, no.words, base != nullptr ? base->checkpoint.size : 0}, false, Way::prove);
  } else {
    stop_unproved(no, false);
  }
  return true;
}

bool Dialler::on(const Known& answer) {
  const auto* offer = std::get_if<Offer>(&*request_);
  const auto fits = [](const Held& mine, const Standing& theirs) {
    return mine.origin == theirs.held.origin;
  };
  if (offer == nullptr || !std::ranges::equal(offer->journals, answer.journals, fits)) return false;
  offered_ += offer->journals.size();
  for (const Standing& theirs : answer.journals) plan(theirs);
  return true;
}

bool Dialler::on(const Taken& answer) {
  if (std::holds_alternative<GiveCosignature>(*request_)) {
    cosignatures_.pop_front();
    return true;
  }
  if (std::holds_alternative<GiveDocument>(*request_)) {
    documents_.pop_front();
    ++exchanged_.given_documents;
    jobs_.front().stalls = 0;
    return true;
  }
  if (!std::holds_alternative<Give>(*request_) && !std::holds_alternative<Show>(*request_))
    return false;
  Job& job = jobs_.front();
  if (job.doubt) {
    // They may know a note of another size than that where their entries end.
    const bool knows_other = answer.size > 0 && answer.size != job.theirs && job.stalls++ == 0;
    if (!knows_other) return stop(*job.doubt, false), true;
    job.theirs = answer.size;
    return true;
  }
  if (holdings_.is_own(job.origin) && !answer.cosignature.empty())
    (void)holdings_.add_cosignature(answer.cosignature);
  documents_.assign(answer.lacking.begin(), answer.lacking.end());
  const bool has_moved = answer.size > job.theirs;
  if (has_moved) exchanged_.given_entries += answer.size - job.theirs;
  job.theirs = answer.size;
  if (documents_.empty() && job.theirs >= holdings_.held(job.origin).size)
    end_job();
  else
    note_progress(has_moved);
  return true;
}

bool Dialler::on(const Run& answer) {
  const auto* ask = std::get_if<Ask>(&*request_);
  if (ask == nullptr || answer.origin != ask->origin || answer.from != ask->from) return false;
  Copies& copies = holdings_.copies();
  auto taken = copies.take(answer, at_s_);
  if (!taken) return doubt(taken.error(), true, Way::prove), true;
  if (const auto synced = copies.sync(); !synced)
    return stop({Refusal::failed, synced.error().message}, true), true;
  Job& job = jobs_.front();
  documents_.assign(taken->lacking.begin(), taken->lacking.end());
  exchanged_.taken_entries += taken->size - answer.from;
  if (job.is_theirs && !taken->cosignature.empty())
    cosignatures_.push_back({job.origin, taken->size, taken->cosignature});
  // What the run was proved against is what there was to take.
  const auto note = journal::parse_note(answer.note);
  const auto whole = note ? journal::parse_checkpoint(note->text)
                          : base::Result<journal::Checkpoint>(std::unexpected(note.error()));
  if (documents_.empty() && whole && taken->size >= whole->size)
    end_job();
  else
    note_progress(taken->size > answer.from);
  return true;
}

bool Dialler::on(const Growth& answer) {
  const auto* prove = std::get_if<Prove>(&*request_);
  if (prove == nullptr || answer.origin != prove->origin || answer.old_size != prove->old_size)
    return false;
  const auto taken = holdings_.copies().take(answer, at_s_);
  if (!taken) return stop(taken.error(), true), true;
  if (const auto synced = holdings_.copies().sync(); !synced)
    return stop({Refusal::failed, synced.error().message}, true), true;
  const Job job = jobs_.front();
  if (job.doubt) return stop(*job.doubt, true), true;
  if (job.is_theirs && !taken->cosignature.empty())
    cosignatures_.push_back({job.origin, taken->size, taken->cosignature});
  end_job();
  return true;
}

bool Dialler::on(const Document& answer) {
  const auto* ask = std::get_if<AskDocument>(&*request_);
  if (ask == nullptr) return false;
  const auto taken = holdings_.copies().take_document(ask->origin, answer.bytes);
  if (!taken) return stop(taken.error(), true), true;
  documents_.pop_front();
  ++exchanged_.taken_documents;
  jobs_.front().stalls = 0;
  return true;
}

Result<> carry(const Channel& channel, Dialler& dialler) {
  while (const auto request = dialler.next()) {
    const std::string answer = TRY(channel(*request));
    if (!dialler.take(answer))
      return base::fail(base::ErrorCode::evidence_bad, "the answer is not one to what was asked");
  }
  return {};
}

}  // namespace syncing
