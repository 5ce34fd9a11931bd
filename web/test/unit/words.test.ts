// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { query } from "../../src/api/client";
import { grouped } from "../../src/lib/groups";
import { blocks, spans } from "../../src/lib/markdown";
import { DEFAULTS, best_of_each, fields_of, layout } from "../../src/lib/plan";
import type { Configuration } from "../../src/api/planner";
import { parse } from "../../src/lib/route";
import { cause_title, reason_words, throttle_words, unit_of } from "../../src/lib/words";

// Tests run in web/.
const root = "..";

test("units follow from the ids of the table of metrics", () => {
  const types: Record<string, string> = { Ratio: "ratio", BytesPerSecond: "bytes_per_second", Bytes: "bytes", Watts: "watts", Joules: "joules", Celsius: "celsius", Hertz: "hertz", Count: "count" };
  const table = readFileSync(`${root}/src/assay/metric/metrics.def`, "utf8").replace(/#{2}n#{2}/g, "3");
  const rows = [...table.matchAll(/^ *ASSAY_METRIC\((\w+), (\w+),/gm)].filter(([, id]) => id !== "name3_util" && id !== "name");
  assert.ok(rows.length > 60);
  for (const [, id, type] of rows) assert.equal(unit_of(id ?? ""), types[type ?? ""], id);
  assert.equal(unit_of("ladder.sol"), "ratio");
  assert.equal(unit_of("cost.lost_usd_per_hour"), "usd_per_hour");
});

test("no metric is left out of the groups", () => {
  const ids = ["gpu_util", "sm_active", "nvlink3_rx", "something_new"];
  assert.deepEqual(grouped(ids).flatMap((group) => group.ids).sort(), [...ids].sort());
});

test("each cause's page can be shown, and its title is the page's", () => {
  const pages = readdirSync(`${root}/docs/causes`).filter((name) => name.endsWith(".md") && name !== "README.md");
  assert.ok(pages.length >= 14);
  for (const name of pages) {
    const page = blocks(readFileSync(`${root}/docs/causes/${name}`, "utf8"));
    assert.equal(page[0]?.kind, "h1");
    assert.equal(cause_title(name.replace(".md", "")), page[0]?.lines[0]?.map((s) => s.text).join(""), name);
    assert.ok(page.length > 3);
  }
});

test("Markdown never becomes a tag", () => {
  assert.deepEqual(spans("a `<b>` [c](http://d)"), [{ code: false, text: "a " }, { code: true, text: "<b>" }, { code: false, text: " c" }]);
  assert.deepEqual(blocks("- x\n  y\n- z").map((b) => [b.kind, b.lines.length]), [["ul", 2]]);
});

test("addresses", () => {
  assert.deepEqual([parse("").page, parse("#/").page, parse("#/device/GPU%2F1").rest, parse("#/device/%zz").rest], ["live", "live", "GPU/1", "%zz"]);
  assert.equal(parse("#/plan?in=5").fields.get("in"), "5");
  assert.equal(query({ a: "x y", b: null, c: "", d: 0 }), "?a=x%20y&d=0");
});

test("the planner's form", () => {
  assert.deepEqual(fields_of(new URLSearchParams("")), DEFAULTS);
  assert.equal(fields_of(new URLSearchParams("model=m"))["ttft_ms"], "");
  const c = (chip: string, tp: number): Configuration => ({ chip, dtype: "fp8", tp, pp: 1, dp: 1, ep: 1, replicas: 2 }) as unknown as Configuration;
  assert.deepEqual(best_of_each([c("a", 1), c("a", 2), c("b", 1)]).length, 2);
  assert.equal(layout(c("a", 4)), "fp8 · tp4 · 2 replicas");
});

test("reasons and masks in words", () => {
  assert.equal(reason_words("no-gpm"), "hardware counters need Hopper or newer");
  assert.equal(reason_words(null), "");
  assert.equal(throttle_words(0), "none");
  assert.equal(throttle_words(4 + 64), "software power cap, hardware thermal");
});
