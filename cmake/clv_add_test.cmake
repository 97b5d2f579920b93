# clv_add_test(<name> SOURCES <file>... [USES <target>...] [LABELS <label>...] [ENV <VAR=value>...])
#
# One GoogleTest program, run by ctest as one test per file. Real data are found at run time under
# CLV_SHARED_DATA; a test that misses its file skips and says so.
set(CLV_SHARED_DATA ${PROJECT_SOURCE_DIR}/../shared/data CACHE PATH "Real data for tests; may be absent")

function(clv_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LABELS;ENV")
  add_executable(${name} ${arg_SOURCES})
  # What is tested is built as it ships; the tests themselves would only compile longer.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  target_link_libraries(${name} PRIVATE clv::defaults clv::test_support GTest::gtest_main ${arg_USES})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 600
    ENVIRONMENT "CLV_SHARED_DATA=${CLV_SHARED_DATA};${arg_ENV}")
endfunction()
