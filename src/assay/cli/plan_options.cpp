// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "assay/cli/plan_inputs.hpp"

namespace assay::cli {

void add_plan_options(CLI::App& app, PlanOptions& options) {
  add_common_options(app, options.common);
  app.add_option("--model", options.model,
                 "a name (llama-3.1-70b), a Hugging Face id, or the path of a config.json");
  app.add_option("--engine", options.engine,
                 "serving engine: vllm, sglang, trtllm, trtllm-1.0, torch, llama.cpp, or that with "
                 "a backend (cpu, metal, metal-concurrent, rocm, vulkan): llama.cpp-cpu [vllm]");
  app.add_option("--in", options.in, "prompt tokens of a request")->type_name("TOKENS");
  app.add_option("--out", options.out, "answer tokens of a request")->type_name("TOKENS");
  app.add_option("--lengths", options.lengths,
                 "how both lengths spread: fixed, uniform:0.8 or lognormal:0.6 [fixed]");
}

}  // namespace assay::cli
