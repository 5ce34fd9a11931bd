// SPDX-License-Identifier: Apache-2.0
// The table of metrics in groups that fit a screen. What no pattern takes lands in "Other": nothing is hidden.

export interface Group {
  name: string;
  ids: string[];
  open: boolean; // shown at once; the rest on demand
}

const GROUPS: readonly [string, RegExp, boolean][] = [
  ["Share of time", /^(gpu_util|gpu_util_samples|memory_util|encoder_util|decoder_util|graphics_util)$/, true],
  ["SMs and pipes", /^(sm_|int_util|tensor|fp\d|dram_util|issue|lanes)(?!.*clock)/, true],
  ["Memory", /^memory_(?!clock|util)/, true],
  ["Power, heat, clocks", /^(power|energy|temperature|fan|sm_clock|memory_clock|throttle)/, true],
  ["Links", /^(pcie|nvlink)_/, true],
  ["Health", /^(ecc|retired|remapped|last_xid)/, true],
  ["Each NVLink", /^nvlink\d/, false],
  ["Chip to chip", /^c2c/, false],
  ["Video and image engines", /^nv(dec|enc|jpg|ofa)/, false],
  ["Caches", /_cache_/, false],
  ["Context switches", /^ctxsw/, false],
  ["Other", /./, true],
];

export function grouped(ids: readonly string[]): Group[] {
  const groups = GROUPS.map(([name, , open]) => ({ name, ids: [] as string[], open }));
  for (const id of ids) groups[GROUPS.findIndex(([, pattern]) => pattern.test(id))]?.ids.push(id);
  return groups.filter((group) => group.ids.length > 0);
}
