// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// For a program that runs for weeks. glibc gives each thread a heap of its own unless told not to,
// and keeps what was large in it: call it before threads are started.
void share_one_heap();

// Start-up reads the catalog, unpacks the simulated driver and compresses the page; none of these
// pages is needed again. They leave the resident memory; what is used after all comes back from the
// page cache by itself.
void give_back_start_up_memory();

}  // namespace assay::cli
