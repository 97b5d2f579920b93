// A part of a write transaction that may be undone alone.
#pragma once

#include "store/connection.hpp"

namespace clv::store {

// Undone unless kept. Savepoints end in the reverse order of their beginning, before their
// transaction. [one]
class savepoint {
 public:
  explicit savepoint(connection& owner) : owner_(&owner) { owner.execute("SAVEPOINT part"); }
  ~savepoint() {
    if (!open_) return;
    try {
      owner_->execute("ROLLBACK TO part; RELEASE part");
    } catch (const error&) {
      // A full disk or an I/O error may have undone the whole transaction already; if not, its
      // owner will, for whoever lets a savepoint go like this is handling that very error.
    }
  }
  savepoint(const savepoint&) = delete;
  savepoint& operator=(const savepoint&) = delete;

  // Throws as any statement does; the part is undone then.
  void keep() {
    owner_->execute("RELEASE part");
    open_ = false;
  }
  // Undoes the part now. Throws error when that fails: then the transaction must not be committed.
  void undo() {
    open_ = false;
    owner_->execute("ROLLBACK TO part; RELEASE part");
  }

 private:
  connection* owner_;
  bool open_ = true;
};

}  // namespace clv::store
