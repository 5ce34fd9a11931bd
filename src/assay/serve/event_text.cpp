// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/event_text.hpp"

#include <fmt/format.h>

#include "assay/format/format.hpp"
#include "assay/wire/json_text.hpp"

namespace assay::serve {

http::SharedText note_text(const sample::Event& event) {
  using wire::append_json;
  std::string text = "event: note\ndata: {\"at\":";
  append_json(text, format::wall_iso(event.at));
  text += event.device < 0 ? std::string(",\"device\":null")
                           : fmt::format(",\"device\":{}", event.device);
  text += ",\"kind\":";
  append_json(text, event.kind);
  text += ",\"text\":";
  append_json(text, event.text);
  return std::make_shared<const std::string>(text + "}\n\n");
}

}  // namespace assay::serve
