// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/device_choice.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace assay::lab {
namespace {

std::string_view without_prefix(std::string_view uuid) {
  return uuid.starts_with("GPU-") || uuid.starts_with("MIG-") ? uuid.substr(4) : uuid;
}

Result<int> attribute(const Driver& driver, abi::Device device, abi::Attribute id) {
  int value = 0;
  TRY(driver.check(driver.call().device_attribute(&value, id, device),
                   "asking the device for an attribute"));
  return value;
}

Result<std::string> read_uuid(const Driver& driver, abi::Device device, std::string_view name) {
  abi::Uuid raw{};
  TRY(driver.check(driver.call().device_uuid(&raw, device), "asking the device for its UUID"));
  // The driver gives the bytes only; a MIG slice is known by its name, "... MIG 1g.10gb".
  return uuid_text(std::to_array(raw.bytes), name.find(" MIG ") != std::string_view::npos);
}

Result<DeviceInfo> read_info(const Driver& driver, abi::Device device) {
  DeviceInfo info;
  std::array<char, 256> name{};
  TRY(driver.check(
      driver.call().device_name(name.data(), static_cast<int>(name.size()) - 1, device),
      "asking the device for its name"));
  info.name = name.data();
  TRY_ASSIGN(info.uuid, read_uuid(driver, device, info.name));
  TRY_ASSIGN(info.sm_count, attribute(driver, device, abi::kMultiprocessorCount));
  TRY_ASSIGN(info.cc_major, attribute(driver, device, abi::kComputeCapabilityMajor));
  TRY_ASSIGN(info.cc_minor, attribute(driver, device, abi::kComputeCapabilityMinor));
  TRY_ASSIGN(const int l2, attribute(driver, device, abi::kL2CacheSize));
  info.l2 = Bytes(l2);
  std::size_t memory = 0;
  TRY(driver.check(driver.call().device_memory(&memory, device),
                   "asking the device for its memory size"));
  info.memory = Bytes(static_cast<double>(memory));
  return info;
}

}  // namespace

std::string uuid_text(const std::array<unsigned char, 16>& bytes, bool mig) {
  std::string text = mig ? "MIG-" : "GPU-";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", bytes[i]);
  }
  return text;
}

bool same_uuid(std::string_view a, std::string_view b) {
  return std::ranges::equal(without_prefix(a), without_prefix(b), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

Result<ChosenDevice> choose_device(const Driver& driver, std::string_view uuid) {
  int count = 0;
  TRY(driver.check(driver.call().device_count(&count), "counting CUDA devices"));
  if (count == 0)
    return Error{ErrorCode::nothing_to_measure,
                 "the CUDA driver shows no device to this process; check CUDA_VISIBLE_DEVICES"};
  std::string seen;
  for (int i = 0; i < count; ++i) {
    ChosenDevice chosen;
    TRY(driver.check(driver.call().device_get(&chosen.device, i), "opening a CUDA device"));
    TRY_ASSIGN(chosen.info, read_info(driver, chosen.device));
    if (uuid.empty() || same_uuid(uuid, chosen.info.uuid)) return chosen;
    seen += (seen.empty() ? "" : ", ") + chosen.info.uuid;
  }
  return Error{ErrorCode::not_found,
               fmt::format("CUDA shows no device {} to this process, only {}; check "
                           "CUDA_VISIBLE_DEVICES",
                           uuid, seen)};
}

}  // namespace assay::lab
