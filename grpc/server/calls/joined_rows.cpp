#include "calls/joined_rows.hpp"

#include "calls/errors.hpp"
#include "calls/tables.hpp"

namespace clvd {
namespace {

namespace v1 = clv::v1;

v1::Column part_of(const clv_result& table,
                   std::int64_t first,
                   std::int64_t count,
                   const std::string& name) {
  v1::Table part;
  fill_table(table, first, count, part, {name});
  return std::move(*part.mutable_columns(0));
}

void add_absent(std::int64_t first, std::int64_t count, v1::Column& to) {
  const auto grow = [&](auto& values) {
    values.Resize(values.size() + static_cast<int>(count), 0);
  };
  if (to.has_doubles()) grow(*to.mutable_doubles()->mutable_values());
  if (to.has_int64s()) grow(*to.mutable_int64s()->mutable_values());
  if (to.has_times()) grow(*to.mutable_times()->mutable_values());
  if (to.has_money()) grow(*to.mutable_money()->mutable_values());
  for (std::int64_t row = first; row < first + count; ++row) {
    if (to.has_texts()) to.mutable_texts()->add_values();
    to.add_absent_rows(row);
  }
}

// One column, put together from runs of rows that follow each other in their table.
class column_joiner {
 public:
  column_joiner(const std::vector<picked_rows>& from, std::string name, v1::Column& to)
      : name_(std::move(name)), to_(to) {
    for (const picked_rows& p : from) {
      if (clv_result_find(&p.table, name_.c_str()) < 0) continue;
      v1::Column empty = part_of(p.table, 0, 0, name_);
      if (sources_.empty()) to_ = empty;
      if (empty.values_case() != to_.values_case() || empty.unit() != to_.unit()) continue;
      sources_.push_back(&p);
    }
    if (!sources_.empty()) return;
    call_error error(grpc::StatusCode::NOT_FOUND, "NAME_UNKNOWN", "there is no such column");
    error.metadata["column"] = name_;
    throw error;
  }

  void fill(std::int64_t count) {
    for (std::int64_t row = 0; row < count;) {
      const picked_rows* source = source_of(row);
      std::int64_t end = row + 1;
      while (end < count && follows(source, end)) ++end;
      append(source, row, end - row);
      row = end;
    }
  }

 private:
  const std::string name_;
  v1::Column& to_;
  std::vector<const picked_rows*> sources_;

  static std::int64_t at(const picked_rows& source, std::int64_t row) {
    return source.rows[static_cast<std::size_t>(row)];
  }
  // Null: nobody has it.
  const picked_rows* source_of(std::int64_t row) const {
    for (const picked_rows* source : sources_) {
      if (at(*source, row) >= 0) return source;
    }
    return nullptr;
  }
  bool follows(const picked_rows* source, std::int64_t row) const {
    if (source_of(row) != source) return false;
    return source == nullptr || at(*source, row) == at(*source, row - 1) + 1;
  }

  void append(const picked_rows* source, std::int64_t row, std::int64_t count) {
    if (source == nullptr) return add_absent(row, count, to_);
    v1::Column part = part_of(source->table, at(*source, row), count, name_);
    for (std::int64_t& absent : *part.mutable_absent_rows()) absent += row;
    part.clear_name();
    part.clear_unit();
    to_.MergeFrom(part);  // appends values and absent rows
  }
};

}  // namespace

void fill_joined(const std::vector<picked_rows>& from,
                 std::int64_t count,
                 const std::vector<std::string>& columns,
                 v1::Table& to) {
  to.set_row_count(count);
  for (const std::string& name : columns) column_joiner(from, name, *to.add_columns()).fill(count);
}

}  // namespace clvd
