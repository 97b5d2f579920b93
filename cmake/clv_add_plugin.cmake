# clv_add_plugin(<name> SOURCES <file>... [TEST_CONFIG <json>])
#
# A plugin as a module of one exported function: hidden visibility, no "lib" prefix, nothing linked
# but the headers. In libclv's own tree it is also enrolled in the battery of tests/every.
set(CLV_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/clv_plugin.map CACHE INTERNAL "")

function(clv_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TEST_CONFIG" "SOURCES")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "clv_add_plugin(${name}): SOURCES is empty")
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE clv::plugin)
  if(TARGET clv::defaults)
    target_link_libraries(${name} PRIVATE clv::defaults)
  endif()
  set_target_properties(${name} PROPERTIES
    PREFIX "" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS ${CLV_PLUGIN_MAP})
  target_link_options(${name} PRIVATE -Wl,--version-script=${CLV_PLUGIN_MAP} -Wl,--no-undefined)
  set_property(GLOBAL APPEND PROPERTY CLV_PLUGINS ${name})
endfunction()
