#pragma once
// What attackers do to an estate, and what follows from restoring what should not be restored.

#include <memory>

#include "rehearse/estate.h"

namespace rehearse {

class Attackers {
 public:
  explicit Attackers(Estate& estate) : estate_(estate), chance_(estate.chance()) {}

  // One act; nothing where it does not fit.
  void strike();
  // Whoever lied goes on until somebody must notice.
  void go_on();

 private:
  bool is_free(const Member& member) const;
  Member* free_member();
  Member* free_store();
  bool may_taint() const;

  void rot_journal();
  void rot_copy();
  void steal_key();
  void split_centre();
  void sign_nonsense();
  void back_up();
  void restore_backup();
  Member& twin_of(Member& member, std::vector<std::string> dials);
  void convict(Member& member, Member& twin, std::uint64_t size);
  void outdo(Member& member, std::uint64_t entries);
  std::uint64_t size_of(Member& member);

  Estate& estate_;
  Chance& chance_;
  std::unique_ptr<io::SimDisk> backup_;
  Member* backed_up_ = nullptr;
  std::uint64_t backup_entries_ = 0;
};

// How many entries of a journal somebody holds with a signature over all of them.
std::uint64_t copy_size(Member& holder, const std::string& origin);
// How many it knows to be signed, by the newest note that it holds.
std::uint64_t known_size(Member& holder, const std::string& origin);

}  // namespace rehearse
