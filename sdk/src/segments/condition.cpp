#include "segments/condition.hpp"

#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "clv/error.hpp"
#include "clv/money.hpp"

namespace clv {
namespace {

constexpr int deepest = 100;
constexpr int most_operations = 1000;  // each is a level of the evaluation

enum class truth { no, yes, unknown };

// A value of one row: absent, a number or a text.
struct item {
  bool present = false;
  double number = 0;
  std::string_view text;
};

}  // namespace

// A leaf, an operation on numbers, a comparison or a connective. `is_text` says which kind of value
// an expression has; a condition has none and is asked by `is_true`.
struct condition::node {
  std::function<item(std::size_t)> value;     // expressions
  std::function<truth(std::size_t)> is_true;  // conditions
  bool is_text = false;
};

namespace {

using node = condition::node;
using node_ptr = std::unique_ptr<node>;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == ':';
}

node_ptr condition_node(std::function<truth(std::size_t)> f) {
  auto n = std::make_unique<node>();
  n->is_true = std::move(f);
  return n;
}

node_ptr value_node(std::function<item(std::size_t)> f, bool is_text) {
  auto n = std::make_unique<node>();
  n->value = std::move(f);
  n->is_text = is_text;
  return n;
}

item read_cell(const column& c, double per_major, std::size_t row) {
  if (!c.present(row)) return {};
  switch (c.kind()) {
    case type::utf8:
      return {.present = true, .text = c.text(row)};
    case type::f64:
      return {.present = std::isfinite(c.numbers()[row]), .number = c.numbers()[row]};
    default:
      return {.present = true, .number = static_cast<double>(c.integers()[row]) / per_major};
  }
}

truth compare(const item& a, const item& b, bool text, std::string_view op) {
  if (!a.present || !b.present) return truth::unknown;
  const int order = text ? a.text.compare(b.text)
                         : (a.number < b.number   ? -1
                            : a.number > b.number ? 1
                                                  : 0);
  bool holds = false;
  if (op == "==") holds = order == 0;
  if (op == "!=") holds = order != 0;
  if (op == "<") holds = order < 0;
  if (op == "<=") holds = order <= 0;
  if (op == ">") holds = order > 0;
  if (op == ">=") holds = order >= 0;
  return holds ? truth::yes : truth::no;
}

// Recursive descent, one function per level of the grammar.
class parser {
 public:
  parser(std::string_view text, const table& rows) : text_(text), rows_(rows) {}

  node_ptr parse() {
    node_ptr n = disjunction();
    skip();
    if (at_ != text_.size()) refuse("the end, 'and' or 'or'");
    require_condition(*n);
    return n;
  }

 private:
  [[noreturn]] void refuse(const std::string& wanted) const {
    throw error(status::invalid,
                "rule '" + std::string(text_) + "', position " + std::to_string(at_ + 1) +
                    ": expected " + wanted,
                "example: clv_p10 > 200 and (p_alive >= 0.8 or x >= 10)");
  }
  void require_condition(const node& n) const {
    if (!n.is_true) refuse("a comparison, such as x > 3");
  }
  void require_value(const node& n) const {
    if (!n.value) refuse("a number, a text or a column");
  }
  void count_operation() {
    if (++operations_ > most_operations) refuse("at most 1000 operations in one rule");
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) {
      ++at_;
    }
  }
  bool take(std::string_view symbol) {
    skip();
    if (text_.substr(at_, symbol.size()) != symbol) return false;
    at_ += symbol.size();
    return true;
  }
  // A word that is not part of a longer one.
  bool take_word(std::string_view word) {
    skip();
    const std::size_t end = at_ + word.size();
    if (text_.substr(at_, word.size()) != word) return false;
    if (end < text_.size() && is_word(text_[end])) return false;
    at_ = end;
    return true;
  }

  node_ptr disjunction() {
    node_ptr left = conjunction();
    while (take_word("or")) left = either(std::move(left), conjunction(), truth::yes);
    return left;
  }
  node_ptr conjunction() {
    node_ptr left = negation();
    while (take_word("and")) left = either(std::move(left), negation(), truth::no);
    return left;
  }
  // `decides` on either side decides the whole: yes for "or", no for "and".
  node_ptr either(node_ptr left, node_ptr right, truth decides) {
    count_operation();
    require_condition(*left);
    require_condition(*right);
    const truth other = decides == truth::yes ? truth::no : truth::yes;
    return condition_node([a = std::shared_ptr<node>(std::move(left)),
                           b = std::shared_ptr<node>(std::move(right)),
                           decides,
                           other](std::size_t row) {
      const truth first = a->is_true(row);
      if (first == decides) return decides;
      const truth second = b->is_true(row);
      if (second == decides) return decides;
      return first == other && second == other ? other : truth::unknown;
    });
  }
  node_ptr negation() {
    const nested here(*this);
    if (!take_word("not")) return comparison();
    node_ptr inner = negation();
    require_condition(*inner);
    return condition_node([a = std::shared_ptr<node>(std::move(inner))](std::size_t row) {
      const truth t = a->is_true(row);
      return t == truth::unknown ? t : t == truth::yes ? truth::no : truth::yes;
    });
  }
  node_ptr comparison() {
    node_ptr left = sum();
    for (const std::string_view op : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (!take(op)) continue;
      node_ptr right = sum();
      require_value(*left);
      require_value(*right);
      if (left->is_text != right->is_text) refuse("two numbers or two texts to compare");
      const bool text = left->is_text;
      return condition_node(
          [a = std::shared_ptr<node>(std::move(left)),
           b = std::shared_ptr<node>(std::move(right)),
           text,
           op](std::size_t row) { return compare(a->value(row), b->value(row), text, op); });
    }
    return left;
  }
  node_ptr sum() {
    node_ptr left = product();
    for (;;) {
      if (take("+")) {
        left = arithmetic(std::move(left), product(), [](double a, double b) { return a + b; });
      } else if (take("-")) {
        left = arithmetic(std::move(left), product(), [](double a, double b) { return a - b; });
      } else {
        return left;
      }
    }
  }
  node_ptr product() {
    node_ptr left = unary();
    for (;;) {
      if (take("*")) {
        left = arithmetic(std::move(left), unary(), [](double a, double b) { return a * b; });
      } else if (take("/")) {
        left = arithmetic(std::move(left), unary(), [](double a, double b) { return a / b; });
      } else {
        return left;
      }
    }
  }
  // What is not a finite number (a division by zero) is absent.
  template <typename Operation>
  node_ptr arithmetic(node_ptr left, node_ptr right, Operation operation) {
    count_operation();
    for (const node* n : {left.get(), right.get()}) {
      require_value(*n);
      if (n->is_text) refuse("a number to calculate with");
    }
    return value_node(
        [a = std::shared_ptr<node>(std::move(left)),
         b = std::shared_ptr<node>(std::move(right)),
         operation](std::size_t row) {
          const item u = a->value(row), v = b->value(row);
          const double number = operation(u.number, v.number);
          return item{.present = u.present && v.present && std::isfinite(number), .number = number};
        },
        false);
  }
  node_ptr unary() {
    const nested here(*this);
    if (!take("-")) return primary();
    node_ptr zero = value_node([](std::size_t) { return item{.present = true}; }, false);
    return arithmetic(std::move(zero), unary(), [](double a, double b) { return a - b; });
  }
  node_ptr primary() {
    if (take("(")) {
      node_ptr inner = disjunction();
      if (!take(")")) refuse("')'");
      return inner;
    }
    if (take("'")) return literal_text();
    if (take_word("missing")) return missing();
    skip();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    if (word.empty()) refuse("a number, a text in '', a column or '('");
    double number = 0;
    const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (failed == std::errc{} && end == word.data() + word.size() && std::isfinite(number)) {
      return value_node([number](std::size_t) { return item{.present = true, .number = number}; },
                        false);
    }
    at_ = start;
    return column_value();
  }
  node_ptr literal_text() {
    const std::size_t end = text_.find('\'', at_);
    if (end == std::string_view::npos) refuse("the end of the text, '");
    std::string text(text_.substr(at_, end - at_));
    at_ = end + 1;
    return value_node([text](std::size_t) { return item{.present = true, .text = text}; }, true);
  }
  node_ptr missing() {
    if (!take("(")) refuse("'(' after missing");
    const node_ptr inner = column_value();
    if (!take(")")) refuse("')'");
    return condition_node(
        [f = inner->value](std::size_t row) { return f(row).present ? truth::no : truth::yes; });
  }
  node_ptr column_value() {
    skip();
    const std::size_t start = at_;
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const std::string name(text_.substr(start, end - start));
    const column* c = rows_.find(name);
    if (name.empty() || c == nullptr) {
      std::string names;
      for (const column& each : rows_.columns()) {
        names += (names.empty() ? "" : ", ") + each.name();
      }
      refuse("a column, one of: " + names + "; there is no '" + name + "'");
    }
    at_ = end;
    const bool money = c->kind() == type::money;
    const double per_major = money ? minor_per_major(c->unit().empty() ? "XXX" : c->unit()) : 1;
    return value_node([c, per_major](std::size_t row) { return read_cell(*c, per_major, row); },
                      c->kind() == type::utf8);
  }

  struct nested {
    explicit nested(parser& p) : p_(p) {
      if (++p_.depth_ > deepest) p_.refuse("at most 100 levels of nesting");
    }
    ~nested() { --p_.depth_; }
    nested(const nested&) = delete;
    nested& operator=(const nested&) = delete;
    parser& p_;
  };

  std::string_view text_;
  const table& rows_;
  std::size_t at_ = 0;
  int depth_ = 0, operations_ = 0;
};

}  // namespace

condition::condition(std::string_view text, const table& rows)
    : root_(parser(text, rows).parse()) {}
condition::~condition() = default;
condition::condition(condition&&) noexcept = default;
condition& condition::operator=(condition&&) noexcept = default;

bool condition::holds(std::size_t row) const {
  return root_->is_true(row) == truth::yes;
}

}  // namespace clv
