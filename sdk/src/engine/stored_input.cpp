// A stored table as a job reads it: a little each step.
#include <variant>

#include "engine/core.hpp"
#include "store/fact_reader.hpp"
#include "store/fact_tables.hpp"
#include "store/transactions.hpp"

namespace clv::detail {

// Whichever way the store keeps a table, it is read in blocks and checked at the end.
class any_reader {
 public:
  template <typename Reader, typename... Arguments>
  any_reader(std::in_place_type_t<Reader> kind, Arguments&&... with)
      : reader_(kind, std::forward<Arguments>(with)...) {}
  double read() {
    return std::visit([](auto& reader) { return reader.read(rows_a_unit); }, reader_);
  }
  std::shared_ptr<const table> take() {
    return std::visit([](auto& reader) { return reader.take(); }, reader_);
  }

 private:
  std::variant<store::log_reader, store::fact_reader, store::table_reader> reader_;
};

namespace {

std::unique_ptr<any_reader> reader_of(store::connection& db,
                                      std::string_view name,
                                      const row_range& which) {
  if (name == "transactions") {
    constexpr auto for_people = store::log_reader::purpose::for_people;
    return std::make_unique<any_reader>(
        std::in_place_type<store::log_reader>, db, for_people, which);
  }
  if (const store::fact_table* facts = store::find_fact_table(name); facts != nullptr) {
    return std::make_unique<any_reader>(std::in_place_type<store::fact_reader>, db, *facts);
  }
  return std::make_unique<any_reader>(
      std::in_place_type<store::table_reader>, db, std::string(name), which);
}

}  // namespace

stored_input::stored_input() = default;
stored_input::~stored_input() = default;

double stored_input::step(core& c, std::string_view name, const row_range& which) {
  if (!reader_) reader_ = reader_of(c.sql(), name, which);
  const double done = reader_->read();
  if (done < 1.0) return done;
  rows_ = reader_->take();
  // Facts are checked row by row as they come, in an order that no index has.
  if (store::find_fact_table(name) != nullptr) rows_ = cut(std::move(rows_), which, name);
  reader_.reset();
  return 1.0;
}

}  // namespace clv::detail
