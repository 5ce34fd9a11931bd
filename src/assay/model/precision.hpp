// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/base/result.hpp"
#include "assay/model/model.hpp"

namespace assay::model {

// The same model as it is usually deployed at another precision. Embeddings, lm_head, routers and
// norms stay in 16 bits; what the KV cache is stored in does not change.
//   ""     the model's own
//   bf16   everything in bf16; quantized checkpoints are dequantized
//   fp16   the same in fp16
//   fp32   the same in fp32
//   fp8    8-bit weights and activations, per-tensor scales (vLLM, TensorRT-LLM "fp8")
//   fp4    nvfp4: 4-bit weights and activations, an fp8 scale per 16 values: 4.5 bits. Latent
//          attention stays in bf16, as in NVIDIA's own DeepSeek-V3-0324-NVFP4
//          (hf_quant_config.json)
//   int8   8-bit weights and activations (W8A8)
//   int4   weights alone, in groups of 128 with a 16-bit scale and zero point (AWQ, GPTQ): 4.25
//   bits
//   q8_0   llama.cpp: weights alone, lm_head too, a 16-bit scale per 32 values: 8.5 bits (ggml)
//   q4_0   the same in 4 bits: 4.5 bits (ggml; its files keep lm_head in 6 bits)
// A checkpoint that is already as narrow is served as it is: gpt-oss (mxfp4 experts, 4.25 bits)
// asked as fp8, fp4 or int4, and an fp8 checkpoint asked as fp8, are the models' own. Fails with
// invalid_argument on any other word, naming these.
Result<Model> with_precision(Model model, std::string_view precision);

}  // namespace assay::model
