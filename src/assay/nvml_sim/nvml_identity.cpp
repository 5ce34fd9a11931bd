// SPDX-License-Identifier: Apache-2.0
// What a device is and how it is set up.
#include <string>

#include <fmt/format.h>

#include "assay/catalog/sm_limits.hpp"
#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

// nvmlDeviceArchitecture_t by compute capability.
std::optional<u32> architecture_of(const Board& board) {
  constexpr u32 kPascal = 4;
  constexpr u32 kAda = 8;
  const auto& have = board.facts().chip->compute_capability;
  if (!have) return std::nullopt;
  switch (have->major) {
    case 6: return kPascal;
    case 7: return have->minor >= 5 ? 6U : 5U;    // Turing, Volta
    case 8: return have->minor >= 9 ? kAda : 7U;  // Ampere
    case 9: return 9U;                            // Hopper
    case 10:
    case 11:
    case 12: return 10U;  // Blackwell
    default: return 0xffff'ffffU;
  }
}

u32 brand_of(const Board& board) {
  const std::string& name = board.facts().name;
  if (name.starts_with("Tesla")) return abi::kBrandTesla;
  return name.find("GeForce RTX") != std::string::npos ? abi::kBrandGeforceRtx : abi::kBrandNvidia;
}

// The catalog holds no PCI device ids, so only the vendor's half is told.
void fill_pci(const sim::DeviceFacts& facts, abi::PciInfo& out) {
  out = {};
  out.domain = facts.pci_domain;
  out.bus = facts.pci_bus;
  out.pci_device_id = abi::kNvidiaVendor;
  const std::string legacy = fmt::format("{:04X}:{:02X}:00.0", facts.pci_domain, facts.pci_bus);
  legacy.copy(out.bus_id_legacy, sizeof out.bus_id_legacy - 1);
}

}  // namespace

Return Nvml::name(Device device, char* text, u32 size) {
  return on(device, [&](const Board& board) { return put_text(board.facts().name, text, size); });
}
Return Nvml::uuid(Device device, char* text, u32 size) {
  return on(device, [&](const Board& board) { return put_text(board.facts().uuid, text, size); });
}
Return Nvml::serial(Device device, char* text, u32 size) {
  return on(device, [&](const Board& board) { return put_text(board.facts().serial, text, size); });
}
Return Nvml::vbios_version(Device device, char* text, u32 size) {
  return on(device, [&](const Board&) { return put_text("simulated", text, size); });
}
Return Nvml::part_number(Device device, char* text, u32 size) {
  return on(device, [&](const Board&) { return put_text("simulated", text, size); });
}
Return Nvml::brand(Device device, u32* out) { return give(device, out, brand_of); }
Return Nvml::device_index(Device device, u32* out) {
  return give(device, out,
              [](const Board& board) { return static_cast<u32>(board.facts().index); });
}
Return Nvml::minor_number(Device device, u32* out) { return device_index(device, out); }
Return Nvml::board_id(Device device, u32* out) {
  return give(device, out, [](const Board& board) {
    return board.facts().pci_domain << 16U | board.facts().pci_bus << 8U;
  });
}
Return Nvml::multi_gpu_board(Device device, u32* out) {
  return give(device, out, [](const Board&) { return 0U; });
}
Return Nvml::on_same_board(Device a, Device b, i32* out) {
  if (const Return code = on(b, [](const Board&) { return Return::success; });
      code != Return::success)
    return code;
  return give(a, out, [&](const Board&) { return a == b ? 1 : 0; });
}
Return Nvml::architecture(Device device, u32* out) { return give(device, out, architecture_of); }

Return Nvml::compute_capability(Device device, i32* major, i32* minor) {
  return on(device, [&](const Board& board) {
    if (major == nullptr || minor == nullptr) return Return::invalid_argument;
    const auto& have = board.facts().chip->compute_capability;
    if (!have) return Return::not_supported;
    *major = have->major;
    *minor = have->minor;
    return Return::success;
  });
}

Return Nvml::core_count(Device device, u32* out) {
  return give(device, out, [](const Board& board) {
    return static_cast<u32>(board.facts().capacity.sm_count * board.plan().limits.fp32_lanes);
  });
}
Return Nvml::bus_type(Device device, u32* out) {
  return give(device, out, [](const Board&) { return abi::kBusPcie; });
}

Return Nvml::pci_info(Device device, abi::PciInfo* out) {
  return on(device, [&](const Board& board) {
    if (out == nullptr) return Return::invalid_argument;
    fill_pci(board.facts(), *out);
    board.facts().pci.copy(out->bus_id, sizeof out->bus_id - 1);
    return Return::success;
  });
}
// The older calls end before bus_id and leave what lies there alone.
Return Nvml::pci_info_v2(Device device, abi::PciInfo* out) {
  return on(device, [&](const Board& board) {
    if (out == nullptr) return Return::invalid_argument;
    abi::PciInfo whole{};
    fill_pci(board.facts(), whole);
    std::memcpy(out, &whole, offsetof(abi::PciInfo, bus_id));
    return Return::success;
  });
}
Return Nvml::pci_info_ext(Device device, abi::PciInfoExt* out) {
  return on(device, [&](const Board& board) {
    if (out == nullptr) return Return::invalid_argument;
    if (out->version != abi::version_tag(sizeof(abi::PciInfoExt), 1))
      return Return::argument_version_mismatch;
    const u32 version = out->version;
    *out = {};
    out->version = version;
    out->domain = board.facts().pci_domain;
    out->bus = board.facts().pci_bus;
    out->pci_device_id = abi::kNvidiaVendor;
    out->base_class = 3;  // display controller
    out->sub_class = 2;   // 3D
    board.facts().pci.copy(out->bus_id, sizeof out->bus_id - 1);
    return Return::success;
  });
}

namespace {
constexpr auto kOff = [](const Board&) { return 0U; };
constexpr auto kOn = [](const Board&) { return 1U; };
}  // namespace

Return Nvml::persistence_mode(Device device, u32* out) { return give(device, out, kOn); }
Return Nvml::display_mode(Device device, u32* out) { return give(device, out, kOff); }
Return Nvml::display_active(Device device, u32* out) { return give(device, out, kOff); }
Return Nvml::compute_mode(Device device, u32* out) { return give(device, out, kOff); }
Return Nvml::accounting_mode(Device device, u32* out) { return give(device, out, kOff); }
Return Nvml::power_management_mode(Device device, u32* out) { return give(device, out, kOn); }
Return Nvml::default_ecc_mode(Device device, u32* out) { return give(device, out, kOn); }
Return Nvml::virtualization_mode(Device device, u32* out) { return give(device, out, kOff); }
Return Nvml::is_mig_device(Device device, u32* out) { return give(device, out, kOff); }
Return Nvml::max_mig_devices(Device device, u32* out) { return give(device, out, kOff); }

Return Nvml::ecc_mode(Device device, u32* current, u32* pending) {
  return on(device, [&](const Board&) {
    if (current == nullptr || pending == nullptr) return Return::invalid_argument;
    *current = *pending = 1;
    return Return::success;
  });
}
Return Nvml::mig_mode(Device device, u32* current, u32* pending) {
  return on(device, [&](const Board& board) {
    if (current == nullptr || pending == nullptr) return Return::invalid_argument;
    if (!board.at_least(8)) return Return::not_supported;
    *current = *pending = 0;
    return Return::success;
  });
}

}  // namespace assay::nvml_sim
