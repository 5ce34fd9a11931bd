// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

// What a config.json leaves unsaid because its model class fixes it. Source of all rows: the
// configuration and modelling classes of Hugging Face transformers 4.57 (Apache-2.0), by
// model_type.
namespace assay::model {

struct Family {
  bool known = false;
  bool tied = false;          // tie_word_embeddings where the config does not say
  std::optional<bool> gated;  // feed-forwards of three matrices; nothing: hidden_act decides
  bool fourfold = false;      // feed-forwards are 4 x hidden wide where the config does not say
  bool output_gate = false;   // attention has an output gate, which no key says
  bool half_intermediate = false;  // intermediate_size counts gate and up together
  bool wide_experts = false;       // experts are as wide as intermediate_size says
  bool all_windowed = false;       // a window is every layer's
  // One layer in so many sees everything, the others a window.
  std::optional<int> full_every;
  std::optional<int> vocab;
  std::optional<int> heads;
  std::optional<int> kv_heads;
  std::optional<int> head_dim;  // where it is not hidden / heads
};

// All-default, known = false, for a model_type that is not in the table.
Family family_of(std::string_view model_type);

// A class name or model_type in lower case, letters and digits alone.
std::string plain_class(std::string_view name);

// Whether a class name from `architectures` ("LlamaForCausalLM") is of a family in the table.
bool is_known_architecture(std::string_view name);

}  // namespace assay::model
