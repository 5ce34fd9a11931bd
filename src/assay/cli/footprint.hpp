// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// For a program that runs for weeks. glibc gives each thread a heap of its own unless told not to,
// and keeps what was large in it: call it before threads are started.
void share_one_heap();

// Start-up reads the catalog, unpacks the simulated driver and compresses the page; a visitor of
// the page has plans made. None of these pages is needed again. They leave the resident memory;
// what is used after all comes back from the page cache by itself, for some 0.2 ms.
void give_back_unused_memory();

}  // namespace assay::cli
