// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { box_of, fitting, meet, placed, type Label } from "../../src/lib/labels";

const label = (x: number, y: number, text = "bf16 989 TFLOP/s"): Label => ({ text, x, y, anchor: "start" });

test("labels that would meet are moved apart, the first stays", () => {
  const asked = [label(100, 100), label(120, 104), label(60, 98), label(100, 100)];
  const got = placed(asked, [], 0, 300);
  assert.deepEqual(got[0], asked[0]);
  got.forEach((a, i) => got.slice(i + 1).forEach((b) => assert.equal(meet(box_of(a), box_of(b)), false)));
  got.forEach(({ x }, i) => assert.equal(x, asked[i]?.x));
});

test("labels keep clear of what is drawn, and within the frame", () => {
  const taken = [{ left: 0, right: 400, top: 60, bottom: 140 }];
  const [up] = placed([label(100, 90)], taken, 0, 300);
  assert.ok(up && box_of(up).bottom <= 60);
  const [down] = placed([label(100, 90)], taken, 55, 300);
  assert.ok(down && box_of(down).top >= 140);
  assert.deepEqual(placed([label(100, 90)], taken, 60, 140), [label(100, 90)]);
});

test("ticks that would overlap each other or the ends go", () => {
  const ticks = [2, 40, 60, 100, 190].map((x) => ({ x, text: "7.00 s" }));
  assert.deepEqual(fitting(ticks, 0, 200).map(({ x }) => x), [40, 100]);
});
