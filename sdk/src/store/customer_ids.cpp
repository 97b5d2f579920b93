#include "store/customer_ids.hpp"

#include "math/sha256.hpp"

namespace clv::store {

customer_ids::customer_ids(connection& db)
    : db_(&db),
      had_customers_(db.integer("SELECT EXISTS(SELECT 1 FROM customer)") != 0),
      find_(db, "SELECT id FROM customer WHERE ext_id = ?"),
      add_(db, "INSERT INTO customer(ext_id) VALUES(?) ON CONFLICT(ext_id) DO NOTHING") {}

std::int64_t customer_ids::find(std::string_view ext_id) {
  const bool found = find_.bind(1, ext_id).step();
  const std::int64_t id = found ? find_.integer(0) : 0;
  find_.reset();
  return id;
}

std::int64_t customer_ids::find_or_add(std::string_view ext_id) {
  // In a new store every customer is new, later nearly none.
  if (had_customers_) {
    if (const std::int64_t id = find(ext_id); id != 0) return id;
  }
  add_.bind(1, ext_id).run();
  return db_->changes() > 0 ? db_->last_row_id() : find(ext_id);
}

erased_customers::erased_customers(connection& db)
    : any_(db.integer("SELECT EXISTS(SELECT 1 FROM erased)") != 0),
      salt_(db.text("SELECT salt FROM erasure WHERE id = 1")),
      find_(db, "SELECT 1 FROM erased WHERE hash = ?"),
      add_(db, "INSERT INTO erased(hash) VALUES(?) ON CONFLICT(hash) DO NOTHING") {}

std::string erased_customers::hash(std::string_view ext_id) const {
  return math::sha256_hex(salt_ + std::string(ext_id));
}

bool erased_customers::contains(std::string_view ext_id) {
  if (!any_) return false;
  const std::string hashed = hash(ext_id);
  const bool found = find_.bind(1, std::string_view(hashed)).step();
  find_.reset();
  return found;
}

void erased_customers::add(std::string_view ext_id) {
  const std::string hashed = hash(ext_id);
  add_.bind(1, std::string_view(hashed)).run();
  any_ = true;
}

}  // namespace clv::store
