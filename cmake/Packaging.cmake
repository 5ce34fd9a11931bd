# SPDX-License-Identifier: Apache-2.0
# `make package`: a .deb and a .tar.gz of the one program, its manual pages, completions and documents.
# What has to be made of them (scripts/package-files.sh) is made when the package is.
include(GNUInstallDirs)
set(package_files ${PROJECT_BINARY_DIR}/package)
install(TARGETS assay RUNTIME DESTINATION bin)
install(CODE "execute_process(COMMAND ${PROJECT_SOURCE_DIR}/scripts/package-files.sh
  $<TARGET_FILE:assay> ${package_files} COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${package_files}/share DESTINATION .)
install(FILES README.md README.zh-CN.md NOTICE DESTINATION share/doc/assay)
# Under the names that the program prints and README links: docs/causes/host-bound.md.
install(FILES docs/json.md docs/recording-format.md docs/serve.md docs/metrics.md docs/openapi.json
              docs/fleet.md DESTINATION share/doc/assay/docs)
install(DIRECTORY docs/causes docs/screenshots DESTINATION share/doc/assay/docs)
install(DIRECTORY deploy DESTINATION share/doc/assay/examples)
file(GLOB units CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/deploy/*.service
     ${PROJECT_SOURCE_DIR}/deploy/*/*.service)
if(units)
  install(FILES ${units} DESTINATION lib/systemd/system)
endif()

set(CPACK_PACKAGE_NAME assay)
set(CPACK_PACKAGE_VENDOR "assay")
set(CPACK_PACKAGE_CONTACT "The assay authors <packages@assay.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "what share of an AI accelerator does useful work")
set(CPACK_PACKAGE_DESCRIPTION
    "assay reads hardware counters of GPUs, says what share of the silicon does
useful work, where the rest goes and what that costs; records, replays and
simulates devices; and plans what serves a language model for the least.
It needs no CUDA: the driver's libraries are loaded where they are there.")
set(CPACK_PACKAGE_FILE_NAME
    "assay-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
