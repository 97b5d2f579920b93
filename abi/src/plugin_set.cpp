// Who of the loaded plugins does what, and whose features they read.
#include <algorithm>
#include <string>

#include "guard.hpp"
#include "plugins.hpp"

namespace clv::abi {
namespace {

bool reads_any(const plugin& reader, const plugin& maker) {
  const std::vector<std::string>& reads = reader.setup().says.reads;
  return std::ranges::any_of(maker.features(), [&](const std::string& column) {
    return std::ranges::find(reads, column) != reads.end();
  });
}

bool has_action(const plugin& p) {
  return p.setup().offers.action != nullptr;
}

void add_new(const std::vector<std::string>& from, std::vector<std::string>& to) {
  for (const std::string& name : from) {
    if (std::ranges::find(to, name) == to.end()) to.push_back(name);
  }
}

}  // namespace

std::vector<proposer*> plugin_set::proposers() const {
  std::vector<proposer*> all;
  for (const auto& p : loaded) {
    if (has_action(*p)) all.push_back(p.get());
  }
  return all;
}

std::vector<feature_maker*> plugin_set::makers() const {
  std::vector<feature_maker*> all;
  for (const auto& p : loaded) {
    if (p->setup().offers.feature != nullptr) all.push_back(p.get());
  }
  return all;
}

std::vector<feature_maker*> plugin_set::makers_for_proposers() const {
  std::vector<feature_maker*> some;
  for (const auto& maker : loaded) {
    const bool read = std::ranges::any_of(loaded, [&](const auto& reader) {
      return has_action(*reader) && reads_any(*reader, *maker);
    });
    if (read) some.push_back(maker.get());
  }
  return some;
}

std::vector<feature_maker*> plugin_set::makers_for(const plugin& reader) const {
  std::vector<feature_maker*> some;
  for (const auto& maker : loaded) {
    if (reads_any(reader, *maker)) some.push_back(maker.get());
  }
  return some;
}

plugin& plugin_set::find_segmenter(std::string_view id) const {
  std::string known;
  for (const auto& p : loaded) {
    if (p->id() == id && p->setup().offers.segmentation != nullptr) return *p;
    known += (known.empty() ? "" : ", ") + std::string(p->id());
    if (p->id() != id) continue;
    throw error(issue{.code = status::plugin,
                      .message = "plugin " + std::string(id) +
                                 " puts no customers into segments: it offers " +
                                 ids_of(p->setup().offers),
                      .hint = "a plugin with " CLV_CAP_SEGMENTATION_1 " does",
                      .plugin = std::string(id)});
  }
  throw error(status::not_found,
              "no plugin with the id '" + std::string(id) + "' is loaded",
              "loaded: " + (known.empty() ? "none" : known));
}

void plugin_set::check_new(const plugin_setup& setup) const {
  const std::string id = setup.entry->id;
  for (const auto& p : loaded) {
    if (p->id() == id) {
      throw error(status::exists,
                  "a plugin with the id '" + id + "' is loaded already",
                  "use a second clv_plugins for a second configuration");
    }
    for (const std::string& feature : setup.says.features) {
      const auto& theirs = p->setup().says.features;
      if (std::ranges::find(theirs, feature) == theirs.end()) continue;
      throw error(status::exists,
                  "plugin " + id + " computes the feature '" + feature + "', which plugin " +
                      std::string(p->id()) + " computes already",
                  "load one of the two");
    }
  }
}

// What a proposal rests on decides what a policy says to it. A protected column that came by way of
// a feature is still that column.
void plugin_set::trace_sources() const {
  for (const auto& reader : loaded) {
    std::vector<std::string> sources = reader->setup().says.reads;
    for (const auto& maker : loaded) {
      if (maker != reader && reads_any(*reader, *maker)) {
        add_new(maker->setup().says.reads, sources);
      }
    }
    reader->set_sources(sources);
  }
}

}  // namespace clv::abi
