// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assay/model/config_table.hpp"
#include "assay/model/layer_shape.hpp"
#include "assay/model/model.hpp"

namespace assay::model {

struct QuantizationFacts {
  Quantization quantization;
  std::optional<Dtype> kv;         // where the config says what the cache is stored in
  std::vector<std::string> notes;  // for Model::notes
};

// From a quantization_config (fp8, fbgemm_fp8, mxfp4, compressed-tensors, modelopt, gptq, awq,
// bitsandbytes, quark) or a hf_quant_config.json's "quantization". Bits count scales and zero
// points. A method that is not known becomes the table's problem.
QuantizationFacts read_quantization(ConfigTable& config, std::span<const LayerShape> layers,
                                    Dtype unquantized);

}  // namespace assay::model
