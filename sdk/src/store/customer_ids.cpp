#include "store/customer_ids.hpp"

#include "math/sha256.hpp"

namespace clv::store {

customer_ids::customer_ids(connection& db)
    : db_(&db),
      had_customers_(db.integer("SELECT EXISTS(SELECT 1 FROM customer)") != 0),
      find_(db, "SELECT id FROM customer WHERE ext_id = ?"),
      add_(db,
           std::string("INSERT INTO customer(ext_id) VALUES(?) ON CONFLICT(ext_id) DO NOTHING") +
               (db.handle() == nullptr ? " RETURNING id" : "")) {}

std::int64_t customer_ids::find(std::string_view ext_id) {
  const bool found = find_.bind(1, ext_id).step();
  const std::int64_t id = found ? find_.integer(0) : 0;
  find_.reset();
  return id;
}

std::int64_t customer_ids::add(std::string_view ext_id) {
  add_.bind(1, ext_id);
  if (db_->handle() != nullptr) {
    add_.run();
    return db_->changes() > 0 ? db_->last_row_id() : 0;
  }
  const std::int64_t id = add_.step() ? add_.integer(0) : 0;
  add_.reset();
  return id;
}

std::int64_t customer_ids::find_or_add(std::string_view ext_id, std::vector<std::int64_t>* to) {
  // In a new store every customer is new, later nearly none.
  if (had_customers_) {
    if (const std::int64_t id = find(ext_id); id != 0) return id;
  }
  const std::int64_t id = add(ext_id);
  if (id != 0 && to != nullptr) to->push_back(id);
  return id != 0 ? id : find(ext_id);
}

std::vector<std::int64_t> customer_ids::find_or_add(std::span<const std::string_view> ext_ids) {
  std::vector<std::int64_t> ids;
  if (db_->handle() != nullptr) {  // no journey
    for (const std::string_view id : ext_ids) ids.push_back(find_or_add(id));
    return ids;
  }
  ids.resize(ext_ids.size());
  if (had_customers_) {
    for (const std::string_view id : ext_ids) find_.bind(1, id).queue();
    for (std::int64_t& id : ids) id = find_.next_outcome().value;
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == 0) add_.bind(1, ext_ids[i]).queue();
  }
  for (std::int64_t& id : ids) {
    if (id == 0) id = add_.next_outcome().value;
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == 0) ids[i] = find(ext_ids[i]);  // an earlier batch's, in a store that was new
  }
  return ids;
}

std::int64_t newest_customer(connection& db) {
  return db.integer("SELECT ifnull(max(id), 0) FROM customer");
}

void remove_customers_without_rows(connection& db, std::int64_t newer_than) {
  statement(db,
            "DELETE FROM customer WHERE id > ? AND "
            "NOT EXISTS(SELECT 1 FROM txn WHERE txn.customer = customer.id)")
      .bind(1, newer_than)
      .run();
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
