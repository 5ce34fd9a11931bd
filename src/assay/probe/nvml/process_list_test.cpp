// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/process_list.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "assay/probe/nvml/facts.hpp"
#include "assay/probe/nvml/fake_clock.hpp"
#include "assay/probe/nvml/fake_nvml.hpp"

namespace assay::probe::nvml {
namespace {

using sample::Reason;

// A buffer for 8 entries into which a driver wrote `count` of `size` bytes: pid 100 + i, i MiB.
std::vector<std::byte> written(std::size_t count, std::size_t size) {
  std::vector<std::byte> buffer(8 * abi::kLargestProcessInfo, kUntouched);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::byte> entry(size, std::byte{0});
    const abi::ProcessInfo info{static_cast<std::uint32_t>(100 + i), i << 20U, ~0U, ~0U};
    std::memcpy(entry.data(), &info, std::min(size, sizeof info));
    std::memcpy(buffer.data() + i * size, entry.data(), size);
  }
  return buffer;
}

TEST(EntrySize, IsReadOffWhatWasWritten) {
  for (const std::size_t size : {16U, 24U, 32U})
    for (std::size_t count = 1; count <= 8; ++count)
      EXPECT_EQ(entry_size(written(count, size), count), size) << count;
  EXPECT_EQ(entry_size(written(0, 24), 0), 24U);
}

TEST(EntrySize, EntriesComeOutRightWhateverTheirSize) {
  for (const std::size_t size : {16U, 24U, 32U}) {
    std::vector<abi::ProcessInfo> out(8);
    unpack_entries(written(5, size), 5, out);
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(out[i].pid, 100 + i);
      EXPECT_EQ(out[i].used_memory, i << 20U);
    }
  }
}

TEST(EntrySize, ACountBeyondTheBufferIsNotFollowed) {
  std::vector<abi::ProcessInfo> out(2);
  unpack_entries(written(8, 24), 1000, out);
  EXPECT_EQ(out[1].pid, 101U);
}

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() { EXPECT_EQ(open_device(line_, 0, ""), Return::success); }

  FakeNvml nvml_;
  FakeClock clock_;
  InFlight in_flight_;
  Line line_{nvml_, clock_, in_flight_};
  ProcessReader reader_{ProcessReader::Names::host_first, ProcNames("/nonexistent")};
};

TEST_F(ProcessTest, ListsWithMemory) {
  const ProcessList list = reader_.read(line_);
  EXPECT_EQ(list.reason, Reason::none);
  ASSERT_EQ(list.processes.size(), 1U);
  EXPECT_EQ(list.processes[0].pid, 4242);
  EXPECT_TRUE(list.processes[0].compute);
  EXPECT_EQ(list.processes[0].memory.value(), Bytes(543162368));
  EXPECT_EQ(list.processes[0].name, "process-4242") << "of the driver, where /proc has none";
}

TEST_F(ProcessTest, TheHostsNameGoesFirst) {
  nvml_.change(0, [](FakeDevice& d) { d.compute = {{7, 1, ~0U, ~0U}}; });
  const std::string root = testing::TempDir() + "assay_names_test";
  std::filesystem::create_directories(root + "/7");
  std::ofstream(root + "/7/stat") << "7 (x) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 12 0 0\n";
  std::ofstream(root + "/7/cmdline") << "/bin/on-the-host";
  using Names = ProcessReader::Names;
  EXPECT_EQ(ProcessReader(Names::host_first, ProcNames(root)).read(line_).processes.at(0).name,
            "on-the-host");
  EXPECT_EQ(nvml_.calls(Call::process_name), 0);
  EXPECT_EQ(ProcessReader(Names::driver_only, ProcNames(root)).read(line_).processes.at(0).name,
            "process-7")
      << "pid 7 of a simulated device is not this host's";
  std::filesystem::remove_all(root);
}

TEST_F(ProcessTest, TheDriverIsAskedOnceAProcessAndAgainWhereItKnewNone) {
  nvml_.inject(Call::process_name, Return::not_found);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader_.read(line_).processes.at(0).name, "");
  EXPECT_EQ(nvml_.calls(Call::process_name), 1);
  nvml_.inject(Call::process_name, Return::success);
  clock_.advance(Seconds(5));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader_.read(line_).processes.at(0).name, "process-4242");
  EXPECT_EQ(nvml_.calls(Call::process_name), 2);
}

TEST(ShortName, IsTheExecutables) {
  EXPECT_EQ(short_name("/usr/bin/python3 /srv/train.py"), "python3");
  EXPECT_EQ(short_name("VLLM::EngineCore TP0"), "VLLM::EngineCore TP0");
  EXPECT_EQ(short_name("a\x1b[2Jb"), "a?[2Jb");
  EXPECT_EQ(short_name(""), "");
  EXPECT_EQ(short_name("/"), "");
}

TEST_F(ProcessTest, GrowsTheBufferForAThousand) {
  nvml_.change(0, [](FakeDevice& d) {
    for (unsigned i = 0; i < 1000; ++i) d.compute.push_back({10000 + i, 1, ~0U, ~0U});
  });
  EXPECT_EQ(reader_.read(line_).processes.size(), 1001U);
}

TEST_F(ProcessTest, MemoryThatIsNotAvailableIsUnknown) {
  nvml_.change(0, [](FakeDevice& d) { d.compute[0].used_memory = abi::kNotAvailable; });
  const auto memory = reader_.read(line_).processes.at(0).memory;
  EXPECT_EQ(memory.state(), sample::State::unknown);
  EXPECT_FALSE(memory.raw().has_value());
}

TEST_F(ProcessTest, MergesOneProcessOfTwoLists) {
  nvml_.change(0, [](FakeDevice& d) {
    d.graphics = {{4242, 543162368, ~0U, ~0U}, {7, 100, ~0U, ~0U}};
    d.compute.push_back({4242, 1000, 1, 1});  // its second MIG instance
  });
  const ProcessList list = reader_.read(line_);
  ASSERT_EQ(list.processes.size(), 2U);
  EXPECT_EQ(list.processes[0].pid, 7);
  EXPECT_FALSE(list.processes[0].compute);
  EXPECT_EQ(list.processes[1].memory.value(), Bytes(543162368 + 1000));
}

TEST_F(ProcessTest, NoComputeListMeansNoCompleteList) {
  nvml_.inject(Call::compute_processes, Return::no_permission);
  const ProcessList list = reader_.read(line_);
  EXPECT_EQ(list.reason, Reason::no_permission);
}

TEST_F(ProcessTest, ABoardWithoutGraphicsIsComplete) {
  nvml_.inject(Call::graphics_processes, Return::not_supported);
  EXPECT_EQ(reader_.read(line_).reason, Reason::none);
  nvml_.inject(Call::graphics_processes, Return::unknown);
  EXPECT_EQ(reader_.read(line_).reason, Reason::driver_error);
}

class ProcNamesTest : public testing::Test {
 protected:
  ProcNamesTest() { std::filesystem::create_directories(root_ + "/42"); }
  ~ProcNamesTest() override { std::filesystem::remove_all(root_); }
  void process(const std::string& command, const std::string& comm, int started) {
    std::ofstream(root_ + "/42/cmdline") << command;
    std::ofstream(root_ + "/42/comm") << comm << "\n";
    std::ofstream stat(root_ + "/42/stat");
    stat << "42 (a (b) c) S";
    for (int field = 4; field < 22; ++field) stat << " 0";
    stat << " " << started << " 0 0\n";
  }
  std::string root_ = testing::TempDir() + "assay_proc_names";
};

TEST_F(ProcNamesTest, IsTheExecutablesBaseName) {
  process(std::string("/usr/bin/python3.11\0train.py\0", 29), "python3.11", 7);
  ProcNames names(root_);
  EXPECT_EQ(names.name(42, 0), "python3.11");
  EXPECT_EQ(names.name(43, 0), "");
}

TEST_F(ProcNamesTest, FallsBackToTheKernelsName) {
  process("", "kworker", 7);
  EXPECT_EQ(ProcNames(root_).name(42, 0), "kworker");
}

TEST_F(ProcNamesTest, NoticesThatThePidWentToAnother) {
  process("/bin/first", "first", 7);
  ProcNames names(root_);
  EXPECT_EQ(names.name(42, 0), "first");
  process("/bin/second", "second", 8);
  EXPECT_EQ(names.name(42, 1'000'000'000), "first");  // not looked at again so soon
  EXPECT_EQ(names.name(42, 6'000'000'000), "second");
}

TEST_F(ProcNamesTest, ForgetsWhoIsGone) {
  process("/bin/first", "first", 7);
  ProcNames names(root_);
  names.name(42, 0);
  names.forget_unused();
  names.forget_unused();
  process("/bin/second", "second", 8);
  EXPECT_EQ(names.name(42, 1), "second");
}

TEST_F(ProcNamesTest, ControlCharactersDoNotReachTheTerminal) {
  process("/bin/\x1b[31mevil", "x", 7);
  EXPECT_EQ(ProcNames(root_).name(42, 0), "?[31mevil");
}

}  // namespace
}  // namespace assay::probe::nvml
