# What `cmake --install` puts where, and the packages by which strangers find it. tests/consume builds
# their projects against it.
include(CMakePackageConfigHelpers)
set(clv_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/clv)
set(clv_pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS clv_clv clv_plugin EXPORT clv_targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(CLV_SPLIT_DEBUG)
  include(clv_split_debug)
  clv_split_debug(clv_clv ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET clv_postgres)
  install(TARGETS clv_postgres EXPORT clv_targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES abi/postgres/include/clv_storage_postgres.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
foreach(header
    clv.h clv_base.h clv_table.h clv_value.h clv_action.h clv_engine.h clv_service.h clv_arrow.h  # hosts
    clv_run.h                                                                               # in C
    clv.hpp clv_failure.hpp clv_columns.hpp                                                 # in C++
    clv_plugin.h clv_plugin.hpp clv_plugin_detail.hpp clv_plugin_text.hpp                   # plugins
    clv_storage.h)
  install(FILES abi/include/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endforeach()
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Bindings, to be loaded from where they lie: share/clv/bindings/LANGUAGE. What builds or tests them in this tree
# stays here.
set(clv_bindings ${CMAKE_INSTALL_DATADIR}/clv/bindings)
foreach(language python node php ruby java go dotnet)
  install(DIRECTORY abi/bindings/${language} DESTINATION ${clv_bindings}
    PATTERN __pycache__ EXCLUDE PATTERN .ruff_cache EXCLUDE PATTERN node_modules EXCLUDE
    PATTERN *_test.go EXCLUDE PATTERN install.sh EXCLUDE PATTERN CMakeLists.txt EXCLUDE
    PATTERN pyproject.toml EXCLUDE)
endforeach()
install(FILES abi/bindings/clv_ffi.h DESTINATION ${clv_bindings})
install(FILES abi/REFERENCE.md DESTINATION ${CMAKE_INSTALL_DATADIR}/clv)

# Programs find the library beside them, wherever the tree is moved to.
foreach(program clv_command clvd clv_plugin_host)
  if(TARGET ${program})
    set_target_properties(${program} PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

# The sample plugins, but not the templates, which are there to be copied, nor `blanket_20pct`, which
# is bad on purpose, nor the fixtures of tests.
get_property(clv_plugins GLOBAL PROPERTY CLV_PLUGINS)
foreach(name IN LISTS clv_plugins)
  get_target_property(folder ${name} SOURCE_DIR)
  if(folder MATCHES "^${PROJECT_SOURCE_DIR}/plugins/"
      AND NOT name MATCHES "^(smallest|template|template_cpp|blanket_20pct)$")
    install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/clv/plugins)
  endif()
endforeach()

# find_package(clv): clv::clv, clv::plugin and clv_add_plugin().
install(EXPORT clv_targets NAMESPACE clv:: FILE clvTargets.cmake DESTINATION ${clv_package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/clvConfig.cmake.in
  ${PROJECT_BINARY_DIR}/clvConfig.cmake INSTALL_DESTINATION ${clv_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/clvConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/clvConfig.cmake ${PROJECT_BINARY_DIR}/clvConfigVersion.cmake
  cmake/clv_add_plugin.cmake cmake/clv_plugin.map DESTINATION ${clv_package_dir})

# pkg-config clv, clv-plugin: the prefix is found from the file's own place.
file(RELATIVE_PATH clv_pc_to_prefix /${clv_pkgconfig_dir} /)
foreach(package clv clv-plugin)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${package}.pc.in ${package}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${package}.pc DESTINATION ${clv_pkgconfig_dir})
endforeach()
