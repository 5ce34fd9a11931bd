// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assay/probe/nvml/readings.hpp"

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Source;

double as_double(std::uint64_t n) { return static_cast<double>(n); }

// NVML v1 has no room for what driver and firmware hold back: it is part of "used" there.
void memory_v1(Line& line, Entries& out) {
  abi::MemoryV1 memory{};
  Return code = line.run(Call::memory_v1,
                         [&](Nvml& nvml, Device device) { return nvml.memory_v1(device, memory); });
  if (code == Return::success && memory.total == 0) code = Return::no_data;
  out.put<Id::memory_total>(code, Bytes(as_double(memory.total)));
  out.put<Id::memory_free>(code, Bytes(as_double(memory.free)));
  out.unknown<Id::memory_reserved>(code == Return::success ? Reason::not_supported
                                                           : reason_of(code));
  if (code == Return::success)
    out.add(Id::memory_used, Reading<double>::estimated(as_double(memory.used),
                                                        Reason::not_supported, Source::nvml));
  else out.unknown<Id::memory_used>(reason_of(code));
}

double value_of(const abi::FieldValue& field) {
  switch (field.type) {
    case abi::ValueType::f64: return field.value.as_double;
    case abi::ValueType::u32: return field.value.as_u32;
    case abi::ValueType::ulong:
    case abi::ValueType::u64: return as_double(field.value.as_u64);
    case abi::ValueType::i64: return static_cast<double>(field.value.as_i64);
    case abi::ValueType::i32: return field.value.as_i32;
    case abi::ValueType::u16: return field.value.as_u16;
  }
  return 0.0;
}

abi::FieldValue field_question(std::uint32_t id) {
  abi::FieldValue field{};
  field.field = id;
  field.result = Return::no_data;
  return field;
}

}  // namespace

void read_utilization(Line& line, Carry&, Entries& out) {
  abi::Utilization util{};
  const Return code = line.run(
      Call::utilization, [&](Nvml& nvml, Device device) { return nvml.utilization(device, util); });
  out.put_percent<Id::gpu_util>(code, util.gpu);
  out.put_percent<Id::memory_util>(code, util.memory);
}

void read_memory(Line& line, Carry&, Entries& out) {
  abi::MemoryV2 memory{};
  memory.version = abi::kMemoryV2;
  Return code = line.run(Call::memory_v2,
                         [&](Nvml& nvml, Device device) { return nvml.memory_v2(device, memory); });
  if (code == Return::function_not_found || code == Return::argument_version_mismatch ||
      code == Return::deprecated)
    return memory_v1(line, out);
  if (code == Return::success && memory.total == 0) code = Return::no_data;
  out.put<Id::memory_total>(code, Bytes(as_double(memory.total)));
  out.put<Id::memory_reserved>(code, Bytes(as_double(memory.reserved)));
  out.put<Id::memory_free>(code, Bytes(as_double(memory.free)));
  // Drivers differ in whether "used" holds "reserved"; what is neither free nor reserved does not.
  const double used = as_double(memory.total) - as_double(memory.free) - as_double(memory.reserved);
  if (code == Return::success && used < 0)
    out.add(Id::memory_used, Reading<double>::invalid(used, Reason::out_of_range, Source::nvml));
  else out.put<Id::memory_used>(code, Bytes(used));
}

void read_power(Line& line, Carry&, Entries& out) {
  unsigned mw = 0;
  const Return code =
      line.run(Call::power, [&](Nvml& nvml, Device device) { return nvml.power(device, mw); });
  out.put<Id::power>(code, milliwatts(mw));
}

void read_energy(Line& line, Carry& carry, Entries& out) {
  std::uint64_t mj = 0;
  const std::int64_t now = line.now_ns();
  const Return code =
      line.run(Call::energy, [&](Nvml& nvml, Device device) { return nvml.energy(device, mj); });
  const Joules energy = millijoules(as_double(mj));
  out.put<Id::energy>(code, energy);
  if (code != Return::success) {
    out.unknown<Id::power_mean>(reason_of(code));
    carry.energy.reset();
    return;
  }
  const Seconds window(static_cast<double>(now - carry.energy_ns) * 1e-9);
  // A counter that went back was reset with the driver: the window's energy is then not known.
  if (!carry.energy || energy < *carry.energy || window <= Seconds(0))
    out.unknown<Id::power_mean>(Reason::first_sample);
  else out.derived<Id::power_mean>((energy - *carry.energy) / window, window);
  carry.energy = energy;
  carry.energy_ns = now;
}

void read_clocks(Line& line, Carry&, Entries& out) {
  unsigned sm = 0;
  unsigned mem = 0;
  const Return sm_code = line.run(Call::clock, [&](Nvml& nvml, Device device) {
    return nvml.clock(device, abi::ClockType::sm, sm);
  });
  const Return mem_code = line.run(Call::clock, [&](Nvml& nvml, Device device) {
    return nvml.clock(device, abi::ClockType::memory, mem);
  });
  out.put<Id::sm_clock>(sm_code, megahertz(sm));
  out.put<Id::memory_clock>(mem_code, megahertz(mem));
}

void read_throttle(Line& line, Carry&, Entries& out) {
  std::uint64_t bits = 0;
  const Return code = line.run(Call::throttle_reasons, [&](Nvml& nvml, Device device) {
    return nvml.throttle_reasons(device, bits);
  });
  out.put<Id::throttle_reasons>(code, Count(as_double(bits)));
}

void read_temperature(Line& line, Carry&, Entries& out) {
  unsigned celsius = 0;
  const Return code = line.run(Call::temperature, [&](Nvml& nvml, Device device) {
    return nvml.temperature(device, celsius);
  });
  out.put<Id::temperature>(code, Celsius(celsius));
}

void read_fields(Line& line, Carry&, Entries& out) {
  std::array<abi::FieldValue, 2> fields = {field_question(abi::kFieldPowerInstant),
                                           field_question(abi::kFieldMemoryTemp)};
  const Return call = line.run(Call::field_values, [&](Nvml& nvml, Device device) {
    return nvml.field_values(device, fields);
  });
  // A driver that does not know a field's number calls it an invalid argument.
  const auto result = [call](const abi::FieldValue& field) {
    const Return code = call != Return::success ? call : field.result;
    return code == Return::invalid_argument ? Return::not_supported : code;
  };
  out.put<Id::power_instant>(result(fields[0]), milliwatts(value_of(fields[0])));
  out.put<Id::temperature_memory>(result(fields[1]), Celsius(value_of(fields[1])));
}

}  // namespace assay::probe::nvml
