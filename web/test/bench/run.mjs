// SPDX-License-Identifier: Apache-2.0
// npm run bench: prints how long a chart of 8 x 43,200 points takes to redraw in Chromium.
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";
import { launch } from "../browser/chromium.mjs";

const entry = fileURLToPath(new URL("./chart_bench.ts", import.meta.url));
const [made] = await build({
  configFile: false,
  logLevel: "error",
  plugins: [svelte()],
  build: { write: false, minify: true, lib: { entry, formats: ["iife"], name: "bench" } },
});
const browser = await launch();
const page = await browser.newPage();
await page.route("http://bench.invalid/", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><body></body>" }));
await page.goto("http://bench.invalid/");
await page.addScriptTag({ content: made.output[0].code });
for (const [lines, points, spread] of [[8, 43200, false], [8, 43200, true], [64, 900, true]]) {
  const ms = await page.evaluate(([l, p, s]) => globalThis.redraw_ms(l, p, s, 21), [lines, points, spread]);
  console.log(`${lines} x ${points} points${spread ? ", each with least and most" : ""}: ${ms.toFixed(1)} ms a redraw (median of 21)`);
}
await browser.close();
