# SPDX-License-Identifier: Apache-2.0
"""Shapes of the models that are imitated with random weights. No I/O, no torch.

Dimensions are those of each model's published config.json."""
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Shape:
    name: str
    layers: int  # layers that are run, not always the whole model
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    inner: int  # of one MLP, or of one expert
    vocab: int  # rows of lm_head
    experts: int = 0  # 0: a dense MLP
    top_k: int = 0

    @property
    def qkv(self) -> int:
        return (self.heads + 2 * self.kv_heads) * self.head_dim

    @property
    def attention_weights(self) -> int:
        return self.hidden * (self.qkv + self.heads * self.head_dim)

    @property
    def mlp_weights(self) -> int:
        """Of one MLP, or of one expert: gate, up and down."""
        return 3 * self.hidden * self.inner

    @property
    def kv_elements(self) -> int:
        """Of one token in one layer, K and V together."""
        return 2 * self.kv_heads * self.head_dim


LLAMA_8B = Shape("llama-3.1-8b", 32, 4096, 32, 8, 128, 14336, 128256)
# One of 8 tensor-parallel shards, 8 of the 80 layers; the all-reduces are left out.
LLAMA_70B_TP8 = Shape("llama-3.1-70b-tp8-slice", 8, 8192, 8, 1, 128, 3584, 16032)
QWEN3_30B_A3B = Shape("qwen3-30b-a3b", 48, 2048, 32, 4, 128, 768, 151936, 128, 8)
MIXTRAL = Shape("mixtral-8x7b-slice", 8, 4096, 32, 8, 128, 14336, 32000, 8, 2)

# (name, n, k): a linear layer of n outputs and k inputs.
GEMMS = [
    ("8b-qkv", 6144, 4096), ("8b-o", 4096, 4096), ("8b-gate-up", 28672, 4096),
    ("8b-down", 4096, 14336), ("8b-lm-head", 128256, 4096),
    ("70b-qkv", 10240, 8192), ("70b-o", 8192, 8192), ("70b-gate-up", 57344, 8192),
    ("70b-down", 8192, 28672),
    ("70b-tp8-qkv", 1280, 8192), ("70b-tp8-o", 8192, 1024), ("70b-tp8-gate-up", 7168, 8192),
    ("70b-tp8-down", 8192, 3584),
    ("v3-q-b", 24576, 1536), ("v3-kv-a", 576, 7168),
]


def tiny(shape: Shape) -> Shape:
    """The same structure, small enough for a CPU: for --dry-run."""
    return replace(shape, layers=2, hidden=64, inner=32, vocab=128, head_dim=16)
