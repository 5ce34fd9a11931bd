// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/base/result.hpp"
#include "assay/model/model.hpp"

namespace assay::model {

// The model that a Hugging Face config.json describes, from its structure: a model_type is only
// asked for what no key says (family.hpp). name: the file, for messages, and the model's name.
// quantization: the text of a hf_quant_config.json beside it (older ModelOpt checkpoints), or
// empty. Fails, with code invalid_argument and a message that starts with the name, on what is no
// such file and on an architecture that is not known here, naming the key that is missing, out of
// range or not understood. Any bytes are safe; time and memory are bounded by the 4 MiB that a file
// may have.
Result<Model> read_config(std::string_view name, std::string_view config,
                          std::string_view quantization = {});

}  // namespace assay::model
