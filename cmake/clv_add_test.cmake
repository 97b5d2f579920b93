# clv_add_test(<name> SOURCES <file>... [USES <target>...] [LABELS <label>...] [ENV <VAR=value>...]
#              [NO_PCH] [TOGETHER])
#
# One GoogleTest program, run by ctest as one test per file. NO_PCH: not with the precompiled headers
# that tests share, which are of no use under other flags (gRPC's -pthread); tests of the sidecar share
# others, where target clv_sidecar_test_headers exists. TOGETHER: see clv_compile_together; for files
# whose helpers have different names. Real data are found at run time under CLV_SHARED_DATA; a test that
# misses its file skips and says so.
set(CLV_SHARED_DATA ${PROJECT_SOURCE_DIR}/../shared/data CACHE PATH "Real data for tests; may be absent")

# GoogleTest's header and the usual ones, compiled once for all tests.
function(clv_reuse_test_headers name)
  if(NOT TARGET clv_test_headers)
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/tests/test_headers.cpp CONTENT "// precompiled\n")
    add_library(clv_test_headers OBJECT ${PROJECT_BINARY_DIR}/tests/test_headers.cpp)
    target_compile_options(clv_test_headers PRIVATE $<$<CONFIG:Release>:-O0>)
    target_link_libraries(clv_test_headers PRIVATE clv::defaults GTest::gtest)
    target_precompile_headers(clv_test_headers PRIVATE <gtest/gtest.h> ${CLV_USUAL_HEADERS})
  endif()
  target_precompile_headers(${name} REUSE_FROM clv_test_headers)
endfunction()

function(clv_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_PCH;TOGETHER" "" "SOURCES;USES;LABELS;ENV")
  add_executable(${name} ${arg_SOURCES})
  if(arg_TOGETHER)
    clv_compile_together(${name} ${arg_SOURCES})
  endif()
  # What is tested is built as it ships; the tests themselves would only compile longer.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  if(NOT arg_NO_PCH)
    clv_reuse_test_headers(${name})
  elseif(TARGET clv_sidecar_test_headers AND arg_USES MATCHES "clv_(grpc|http|services|streams|security)_test_support")
    target_precompile_headers(${name} REUSE_FROM clv_sidecar_test_headers)
  endif()
  target_link_libraries(${name} PRIVATE clv::defaults clv::test_support GTest::gtest_main ${arg_USES})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 600
    ENVIRONMENT "CLV_SHARED_DATA=${CLV_SHARED_DATA};${arg_ENV}")
endfunction()
