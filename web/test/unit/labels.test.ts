// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { along, box_of, fitting, meet, placed, type Label } from "../../src/lib/labels";

const label = (x: number, y: number, text = "bf16 989 TFLOP/s"): Label => ({ text, x, y, anchor: "start" });

const frame = { left: 0, right: 400, top: 0, bottom: 300 };

test("labels that would meet are moved apart, the first stays", () => {
  const asked = [label(100, 100), label(120, 104), label(60, 98), label(100, 100)];
  const got = placed(asked, [], [], frame, 8);
  assert.deepEqual(got[0], asked[0]);
  got.forEach((a, i) => got.slice(i + 1).forEach((b) => assert.equal(meet(box_of(a), box_of(b)), false)));
  got.forEach(({ x }, i) => assert.equal(x, asked[i]?.x));
});

test("labels keep clear of marks and lines, and within the frame", () => {
  const mark = { left: 90, right: 300, top: 80, bottom: 95 };
  const [moved] = placed([label(100, 90)], [mark], [], frame, 8);
  assert.ok(moved && !meet(box_of(moved), mark));
  const line = along(0, 96, 400, 88);
  const [off] = placed([label(100, 96)], [], line, frame, 8);
  assert.ok(off && !line.some((one) => meet(one, box_of(off))));
  const [inside] = placed([label(100, 2)], [], [], frame, 8);
  assert.ok(inside && box_of(inside).top >= 0);
});

test("a label may stand on the other side of its mark, not far from it", () => {
  const wall = { left: 0, right: 195, top: 0, bottom: 300 };
  const [flipped] = placed([{ ...label(189, 100), anchor: "end", other: 211 }], [wall], [], frame, 4);
  assert.deepEqual([flipped?.x, flipped?.y, flipped?.anchor], [211, 100, "start"]);
});

test("ticks that would overlap each other or the ends go", () => {
  const ticks = [2, 40, 60, 100, 190].map((x) => ({ x, text: "7.00 s" }));
  assert.deepEqual(fitting(ticks, 0, 200).map(({ x }) => x), [40, 100]);
});
