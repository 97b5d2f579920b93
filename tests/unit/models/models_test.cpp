#include <gtest/gtest.h>

#include <set>
#include <string>

#include "clv/error.hpp"
#include "clv/model.hpp"

TEST(models, are_found_by_their_names) {
  std::set<std::string_view> names;
  for (const clv::model* m : clv::models()) {
    EXPECT_EQ(&clv::find_model(m->name), m);
    EXPECT_TRUE(names.insert(m->name).second) << m->name << " is there twice";
  }
}

TEST(models, an_unknown_name_is_refused_with_the_names_there_are) {
  try {
    clv::find_model("bgnbd");
    FAIL() << "no error";
  } catch (const clv::error& e) {
    EXPECT_EQ(e.details().code, clv::status::not_found);
    EXPECT_NE(e.details().message.find("bgnbd"), std::string::npos);
    for (const clv::model* m : clv::models()) {
      EXPECT_NE(e.details().hint.find(m->name), std::string::npos) << m->name;
    }
  }
}
