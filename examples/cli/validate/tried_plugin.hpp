// What the checks do with a plugin, so that each is a few lines.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../failure.hpp"
#include "../handles.hpp"
#include "check.hpp"
#include "direct_plugin.hpp"

namespace cli {

// Loaded by libclv, with the settings that were given. `abi_cap`: see clv_plugin_options.
plugins load_by_libclv(const subject& s, std::uint32_t abi_cap = 0);
// id, name, version, ...: what clv_plugins_list says.
result facts_by_libclv(const subject& s);
// The same, of a plugin that is only asked who it is: no instance is made.
plugin_facts read_facts(const subject& s);

// What libclv takes of all that the plugin says of these customers; throws failure for any
// complaint, also one that a host with more plugins only notes.
result propose_by_libclv(const plugins& loaded, const customer_table& customers);
// The same for whatever the plugin offers: proposals, features, segments.
void ask_by_libclv(const subject& s, const plugin_facts& facts, const customer_table& customers);

// How the command itself is a host to it.
host_manner manner_for(const subject& s);

// The plugin without libclv between, with what belongs to it.
class tried_plugin {
 public:
  explicit tried_plugin(const subject& s);
  const plugin_facts& facts() const { return facts_; }
  const clv_plugin_entry& entry() const { return *entry_; }
  host_manner manner() const { return manner_for(subject_); }
  std::unique_ptr<direct_instance> instance() { return instance(manner()); }
  std::unique_ptr<direct_instance> instance(const host_manner& how);

 private:
  const subject& subject_;
  plugin_facts facts_;
  const clv_plugin_entry* entry_;
  plain_arena memory_;
};

// The answer, or failure with what was wrong with it.
spoken expect_answer(direct_instance& of, const customer_table& customers);

}  // namespace cli
