// SPDX-License-Identifier: Apache-2.0
#include "assay/store/integer_codec.hpp"

#define ZSTD_STATIC_LINKING_ONLY  // frames without their four magic bytes
#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "assay/store/bit_pack.hpp"

namespace assay::store {
namespace {

// Two ways to look for repetitions: all of them, and only long ones. In a plane of noise the short
// ones are chance, and naming them costs more (9 % of a plane) than the entropy coder would.
struct Search {
  int level, strategy, min_match;
};
constexpr std::array<Search, 2> kSearches = {{{3, ZSTD_dfast, 5}, {1, ZSTD_fast, 7}}};
constexpr std::size_t kMaxOrder = 2;

enum class Plane : std::uint8_t { constant = 0, raw = 1, zstd = 2 };

constexpr unsigned kLowBitsFlag = 0x40;  // of the first byte
// What a symbol more in a plane costs its entropy coder, in bits: from sizes of zstd's tables.
constexpr double kSymbolBits = 4;

// One way to write a sequence: seeds, then offsets[i] = (difference[i] - base) / divisor, of which
// low_bits go as they are: bits of noise, that no coder makes fewer.
struct Form {
  std::size_t order = 0;
  std::array<std::int64_t, kMaxOrder> seeds{};
  std::int64_t base = 0;
  std::uint64_t divisor = 1;
  std::uint64_t largest = 0;  // offset
  std::size_t low_bits = 0;
  std::vector<std::uint64_t> offsets;

  [[nodiscard]] std::size_t width() const {  // bytes of the largest offset's other bits
    return (static_cast<std::size_t>(std::bit_width(largest >> low_bits)) + 7) / 8;
  }
};

std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

Form make_form(std::span<const std::int64_t> values, std::size_t order) {
  Form form;
  form.order = order;
  std::vector<std::int64_t> differences(values.begin(), values.end());
  for (std::size_t k = 0; k < order; ++k) {
    form.seeds[k] = differences.front();
    for (std::size_t i = 0; i + 1 < differences.size(); ++i)
      differences[i] = minus(differences[i + 1], differences[i]);
    differences.pop_back();
  }
  form.base = *std::ranges::min_element(differences);
  std::uint64_t divisor = 0;
  form.offsets.reserve(differences.size());
  for (const std::int64_t difference : differences) {
    const auto offset = static_cast<std::uint64_t>(minus(difference, form.base));
    form.offsets.push_back(offset);
    form.largest = std::max(form.largest, offset);
    if (divisor != 1) divisor = std::gcd(divisor, offset);
  }
  form.divisor = std::max<std::uint64_t>(divisor, 1);
  if (form.divisor > 1)
    for (std::uint64_t& offset : form.offsets) offset /= form.divisor;
  form.largest /= form.divisor;
  return form;
}

// Bits that an ideal byte-wise entropy coder needs for the planes, and the low bits: the measure by
// which a form is chosen, at a fraction of the cost of compressing each.
double estimated_bits(const Form& form) {
  const auto total = static_cast<double>(form.offsets.size());
  double bits = total * static_cast<double>(form.low_bits);
  for (std::size_t plane = 0; plane < form.width(); ++plane) {
    std::array<std::uint32_t, 256> histogram{};
    const std::size_t shift = form.low_bits + 8 * plane;
    for (const std::uint64_t offset : form.offsets) ++histogram[offset >> shift & 0xff];
    for (const std::uint32_t n : histogram)
      if (n != 0) bits += n * std::log2(total / n) + kSymbolBits;
  }
  return bits + 64.0 * static_cast<double>(form.order);
}

// Sets low_bits to the best number and returns the estimate with it.
double choose_low_bits(Form& form) {
  double best_bits = estimated_bits(form);
  std::size_t best = 0;
  const auto most = static_cast<std::size_t>(std::bit_width(form.largest));
  for (std::size_t n = 1; n <= std::min(most, kMaxPackedBits); ++n) {
    form.low_bits = n;
    const double bits = estimated_bits(form);
    if (bits >= best_bits) continue;
    best_bits = bits;
    best = n;
  }
  form.low_bits = best;
  return best_bits;
}

Form best_form(std::span<const std::int64_t> values) {
  Form best = make_form(values, 0);
  if (best.largest == 0) return best;
  double best_bits = choose_low_bits(best);
  for (std::size_t order = 1; order <= kMaxOrder && order < values.size(); ++order) {
    Form form = make_form(values, order);
    const double bits = choose_low_bits(form);
    if (bits >= best_bits) continue;
    best = std::move(form);
    best_bits = bits;
  }
  return best;
}

template <std::size_t width>
void join_planes(const std::array<BlobView, 8>& planes, std::uint64_t divisor, std::int64_t base,
                 std::span<std::int64_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint64_t offset = 0;
    for (std::size_t k = 0; k < width; ++k)
      offset |= static_cast<std::uint64_t>(planes[k][i]) << (8 * k);
    out[i] = static_cast<std::int64_t>(offset * divisor + static_cast<std::uint64_t>(base));
  }
}

void join(std::size_t width, const std::array<BlobView, 8>& planes, std::uint64_t divisor,
          std::int64_t base, std::span<std::int64_t> out) {
  switch (width) {
    case 0: return join_planes<0>(planes, divisor, base, out);
    case 1: return join_planes<1>(planes, divisor, base, out);
    case 2: return join_planes<2>(planes, divisor, base, out);
    case 3: return join_planes<3>(planes, divisor, base, out);
    case 4: return join_planes<4>(planes, divisor, base, out);
    case 5: return join_planes<5>(planes, divisor, base, out);
    case 6: return join_planes<6>(planes, divisor, base, out);
    case 7: return join_planes<7>(planes, divisor, base, out);
    default: return join_planes<8>(planes, divisor, base, out);
  }
}

// Undoes one differencing: values[0] is the seed, values[i] was the difference to the one before.
void integrate(std::span<std::int64_t> values) {
  std::uint64_t sum = 0;
  for (std::int64_t& value : values) {
    sum += static_cast<std::uint64_t>(value);
    value = static_cast<std::int64_t>(sum);
  }
}

}  // namespace

struct IntegerCodec::State {
  std::array<ZSTD_CCtx*, kSearches.size()> compress{};
  ZSTD_DCtx* decompress = nullptr;
  Blob plane;
  Blob packed;
  Blob best;
  Blob low;  // and 8 bytes
  std::array<Blob, 8> planes;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    for (ZSTD_CCtx* context : compress) ZSTD_freeCCtx(context);
    ZSTD_freeDCtx(decompress);
  }

  void write_plane(ByteWriter& out) {
    if (std::ranges::all_of(plane, [&](std::uint8_t byte) { return byte == plane[0]; })) {
      out.u8(static_cast<std::uint8_t>(Plane::constant));
      out.u8(plane[0]);
      return;
    }
    best.clear();
    for (std::size_t i = 0; i < kSearches.size(); ++i) {
      packed.resize(ZSTD_compressBound(plane.size()));
      const std::size_t size =
          ZSTD_compress2(context(i), packed.data(), packed.size(), plane.data(), plane.size());
      if (ZSTD_isError(size) != 0) continue;
      packed.resize(size);
      if (best.empty() || size < best.size()) std::swap(best, packed);
    }
    const bool shorter = !best.empty() && best.size() + 2 < plane.size();
    out.u8(static_cast<std::uint8_t>(shorter ? Plane::zstd : Plane::raw));
    shorter ? out.sized(best) : out.bytes(plane);
  }

  void write_form(const Form& form, ByteWriter& out) {
    const std::size_t width = form.width();
    const bool split = form.low_bits > 0;
    out.u8(static_cast<std::uint8_t>(form.order | width << 2 | (split ? kLowBitsFlag : 0)));
    for (std::size_t k = 0; k < form.order; ++k) out.svarint(form.seeds[k]);
    out.svarint(form.base);
    if (form.largest == 0) return;
    out.varint(form.divisor);
    if (split) out.u8(static_cast<std::uint8_t>(form.low_bits));
    plane.resize(form.offsets.size());
    for (std::size_t k = 0; k < width; ++k) {
      for (std::size_t i = 0; i < form.offsets.size(); ++i)
        plane[i] = static_cast<std::uint8_t>(form.offsets[i] >> (form.low_bits + 8 * k));
      write_plane(out);
    }
    if (split) pack_bits(form.offsets, form.low_bits, out);
  }

  // offsets hold the planes' part: what was split off comes back below it.
  void add_low(BlobView packed_low, std::size_t bits, std::uint64_t divisor, std::int64_t base,
               std::span<std::int64_t> offsets) {
    low.assign(packed_low.begin(), packed_low.end());
    low.resize(low.size() + 8);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      const std::uint64_t high = static_cast<std::uint64_t>(offsets[i]) << bits;
      const std::uint64_t offset = high | packed_at(low.data(), i, bits);
      offsets[i] = static_cast<std::int64_t>(offset * divisor + static_cast<std::uint64_t>(base));
    }
  }

  ZSTD_CCtx* context(std::size_t search) {
    ZSTD_CCtx*& made = compress[search];
    if (made != nullptr) return made;
    made = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(made, ZSTD_c_compressionLevel, kSearches[search].level);
    ZSTD_CCtx_setParameter(made, ZSTD_c_strategy, kSearches[search].strategy);
    ZSTD_CCtx_setParameter(made, ZSTD_c_minMatch, kSearches[search].min_match);
    ZSTD_CCtx_setParameter(made, ZSTD_c_format, ZSTD_f_zstd1_magicless);
    return made;
  }

  bool read_plane(ByteReader& in, std::size_t count, Blob& scratch, BlobView& result) {
    const std::uint8_t coding = in.u8();
    if (coding == static_cast<std::uint8_t>(Plane::raw)) {
      result = in.bytes(count);
      return in.ok();
    }
    scratch.resize(count);
    result = scratch;
    if (coding == static_cast<std::uint8_t>(Plane::constant)) {
      std::ranges::fill(scratch, in.u8());
      return in.ok();
    }
    if (coding != static_cast<std::uint8_t>(Plane::zstd)) return false;
    const BlobView frame = in.sized();
    if (!in.ok()) return false;
    if (decompress == nullptr) {
      decompress = ZSTD_createDCtx();
      ZSTD_DCtx_setParameter(decompress, ZSTD_d_format, ZSTD_f_zstd1_magicless);
    }
    return ZSTD_decompressDCtx(decompress, scratch.data(), count, frame.data(), frame.size()) ==
           count;
  }
};

IntegerCodec::IntegerCodec() : state_(std::make_unique<State>()) {}
IntegerCodec::~IntegerCodec() = default;
IntegerCodec::IntegerCodec(IntegerCodec&&) noexcept = default;
IntegerCodec& IntegerCodec::operator=(IntegerCodec&&) noexcept = default;

void IntegerCodec::encode(std::span<const std::int64_t> values, ByteWriter& out) {
  if (values.empty()) return;
  Form form = best_form(values);
  ByteWriter split;
  state_->write_form(form, split);
  if (form.low_bits > 0) {
    // The estimate knows nothing of repetitions, which whole bytes may have.
    form.low_bits = 0;
    ByteWriter whole;
    state_->write_form(form, whole);
    if (whole.view().size() <= split.view().size()) return out.bytes(whole.view());
  }
  out.bytes(split.view());
}

bool IntegerCodec::decode(ByteReader& in, std::size_t count, std::vector<std::int64_t>& values) {
  values.resize(count);
  if (count == 0) return in.ok();
  const unsigned head = in.u8();
  const std::size_t order = head & 3;
  const std::size_t width = head >> 2 & 15;
  const bool split = (head & kLowBitsFlag) != 0;
  if (!in.ok() || head >= 2 * kLowBitsFlag || order > kMaxOrder || width > 8 || order >= count)
    return false;
  std::array<std::int64_t, kMaxOrder> seeds{};
  for (std::size_t k = 0; k < order; ++k) seeds[k] = in.svarint();
  const std::int64_t base = in.svarint();
  const std::uint64_t divisor = width == 0 && !split ? 1 : in.varint();
  const std::size_t low_bits = split ? in.u8() : 0;
  if (low_bits > kMaxPackedBits || (split && low_bits == 0)) return false;
  std::array<BlobView, 8> planes;
  for (std::size_t k = 0; k < width; ++k)
    if (!in.ok() || !state_->read_plane(in, count - order, state_->planes[k], planes[k]))
      return false;
  const BlobView low = in.bytes(packed_size(count - order, low_bits));
  if (!in.ok()) return false;
  const std::span<std::int64_t> offsets = std::span(values).subspan(order);
  join(width, planes, split ? 1 : divisor, split ? 0 : base, offsets);
  if (split) state_->add_low(low, low_bits, divisor, base, offsets);
  for (std::size_t k = order; k-- > 0;) {
    values[k] = seeds[k];
    integrate(std::span(values).subspan(k));
  }
  return true;
}

}  // namespace assay::store
