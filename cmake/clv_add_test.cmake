# clv_add_test(<name> SOURCES <file>... [USES <target>...] [LABELS <label>...] [ENV <VAR=value>...]
#              [DEFINES <definition>...] [DEPENDS <target>...] [NO_PCH] [TOGETHER])
#
# One GoogleTest program, run by ctest as one test. NO_PCH: not with the precompiled headers that
# tests share, which are of no use under other flags (gRPC's -pthread); tests of the sidecar share
# others, where target clv_sidecar_test_headers exists. TOGETHER: see clv_compile_together; for files
# whose helpers have different names. Real data are found at run time under CLV_SHARED_DATA; a test that
# misses its file skips and says so.
set(CLV_SHARED_DATA ${PROJECT_SOURCE_DIR}/../shared/data CACHE PATH "Real data for tests; may be absent")

# The words of clv_add_test and clv_add_tests that take several values.
set(clv_test_lists USES LABELS ENV DEFINES DEPENDS)
# Among files compiled together a local name may be one that another file has at its top; presets for
# development compile each alone, and tell of the others.
set(clv_may_shadow "#pragma GCC diagnostic ignored \"-Wshadow\"")

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

macro(clv_add_test_program name)
  add_executable(${name} ${arg_SOURCES})
  # What is tested is built as it ships; the tests themselves would only compile longer.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  if(NOT arg_NO_PCH)
    clv_reuse_test_headers(${name})
  elseif(TARGET clv_sidecar_test_headers AND arg_USES MATCHES "clv_(grpc|http|services|streams|security)_test_support")
    target_precompile_headers(${name} REUSE_FROM clv_sidecar_test_headers)
  endif()
  target_link_libraries(${name} PRIVATE clv::defaults clv::test_support ${arg_USES})
  target_compile_definitions(${name} PRIVATE ${arg_DEFINES})
  if(arg_DEPENDS)
    add_dependencies(${name} ${arg_DEPENDS})
  endif()
endmacro()

macro(clv_add_test_run name program)
  set_property(GLOBAL PROPERTY CLV_TEST_COMMAND_${name} $<TARGET_FILE:${program}> ${ARGN})
  add_test(NAME ${name} COMMAND ${program} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 600
    ENVIRONMENT "CLV_SHARED_DATA=${CLV_SHARED_DATA};${arg_ENV}")
endmacro()

# Into `variable`: the words that run a test of clv_add_test or clv_add_tests, for running it otherwise.
macro(clv_test_command variable name)
  get_property(${variable} GLOBAL PROPERTY CLV_TEST_COMMAND_${name})
endmacro()

function(clv_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_PCH;TOGETHER" "" "SOURCES;${clv_test_lists}")
  clv_add_test_program(${name})
  if(arg_TOGETHER)
    clv_compile_together(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES UNITY_BUILD_CODE_BEFORE_INCLUDE "${clv_may_shadow}")
  endif()
  target_link_libraries(${name} PRIVATE GTest::gtest_main)
  clv_add_test_run(${name} ${name})
endfunction()
