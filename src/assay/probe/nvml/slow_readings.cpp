// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assay/probe/nvml/readings.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;

Count as_count(std::uint64_t n) { return Count(static_cast<double>(n)); }

template <typename T>
Return get(Line& line, Call call, Return (Nvml::*method)(Device, T&), T& value) {
  return line.run(call, [&](Nvml& nvml, Device device) { return (nvml.*method)(device, value); });
}

}  // namespace

void read_limits(Line& line, Carry&, Entries& out) {
  unsigned mw = 0;
  const Return limit = get(line, Call::power_limit, &Nvml::power_limit, mw);
  out.put<Id::power_limit>(limit, milliwatts(mw));
  unsigned sm = 0;
  unsigned mem = 0;
  const Return sm_code = line.run(Call::max_clock, [&](Nvml& nvml, Device device) {
    return nvml.max_clock(device, abi::ClockType::sm, sm);
  });
  const Return mem_code = line.run(Call::max_clock, [&](Nvml& nvml, Device device) {
    return nvml.max_clock(device, abi::ClockType::memory, mem);
  });
  out.put<Id::sm_clock_max>(sm_code, megahertz(sm));
  out.put<Id::memory_clock_max>(mem_code, megahertz(mem));
}

void read_pcie(Line& line, Carry&, Entries& out) {
  unsigned generation = 0;
  unsigned width = 0;
  const Return gen_code = get(line, Call::pcie_generation, &Nvml::pcie_generation, generation);
  const Return width_code = get(line, Call::pcie_width, &Nvml::pcie_width, width);
  out.put<Id::pcie_gen>(gen_code, as_count(generation));
  out.put<Id::pcie_width>(width_code, as_count(width));
}

void read_fan(Line& line, Carry&, Entries& out) {
  unsigned percent = 0;
  const Return code = get(line, Call::fan_speed, &Nvml::fan_speed, percent);
  out.put_percent<Id::fan_speed>(code, percent);
}

void read_codecs(Line& line, Carry&, Entries& out) {
  unsigned encoder = 0;
  unsigned decoder = 0;
  const Return enc = get(line, Call::encoder_utilization, &Nvml::encoder_utilization, encoder);
  const Return dec = get(line, Call::decoder_utilization, &Nvml::decoder_utilization, decoder);
  out.put_percent<Id::encoder_util>(enc, encoder);
  out.put_percent<Id::decoder_util>(dec, decoder);
}

void read_ecc(Line& line, Carry&, Entries& out) {
  const auto errors = [&](abi::EccError kind, std::uint64_t& n) {
    return line.run(Call::ecc_errors,
                    [&](Nvml& nvml, Device device) { return nvml.ecc_errors(device, kind, n); });
  };
  std::uint64_t corrected = 0;
  std::uint64_t uncorrected = 0;
  const Return c = errors(abi::EccError::corrected, corrected);
  const Return u = errors(abi::EccError::uncorrected, uncorrected);
  out.put<Id::ecc_corrected>(c, as_count(corrected));
  out.put<Id::ecc_uncorrected>(u, as_count(uncorrected));
}

void read_retired(Line& line, Carry&, Entries& out) {
  const auto pages = [&](abi::RetireCause cause, unsigned& n) {
    return line.run(Call::retired_pages, [&](Nvml& nvml, Device device) {
      return nvml.retired_pages(device, cause, n);
    });
  };
  unsigned single = 0;
  unsigned dual = 0;
  Return code = pages(abi::RetireCause::single_bit, single);
  if (code == Return::success) code = pages(abi::RetireCause::double_bit, dual);
  out.put<Id::retired_pages>(code, as_count(std::uint64_t{single} + dual));

  std::array<abi::FieldValue, 1> pending{};
  pending[0].field = abi::kFieldRetiredPending;
  pending[0].result = Return::no_data;
  code = line.run(Call::field_values,
                  [&](Nvml& nvml, Device device) { return nvml.field_values(device, pending); });
  if (code == Return::success) code = pending[0].result;
  if (code == Return::invalid_argument) code = Return::not_supported;
  out.put<Id::retired_pages_pending>(code, as_count(pending[0].value.as_u32 != 0 ? 1 : 0));
}

void read_remapped(Line& line, Carry&, Entries& out) {
  RemappedRows rows;
  const Return code = get(line, Call::remapped_rows, &Nvml::remapped_rows, rows);
  out.put<Id::remapped_rows>(code, as_count(std::uint64_t{rows.corrected} + rows.uncorrected));
  out.put<Id::remapped_rows_pending>(code, as_count(rows.pending ? 1 : 0));
  out.put<Id::remapped_rows_failed>(code, as_count(rows.failed ? 1 : 0));
}

}  // namespace assay::probe::nvml
