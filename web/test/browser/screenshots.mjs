// SPDX-License-Identifier: Apache-2.0
// make screenshots: each page, light and dark, at 1440 px, and the live view on a phone, as WebP.
// Usage: node screenshots.mjs ASSAY FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

const [assay, folder] = process.argv.slice(2);
const WATCH_S = 90; // so that there is something to see through time
const PAGES = [
  ["live", "#/", 900],
  ["device", "#/device/2", 1180],
  ["history", () => `#/history?from=${now() - WATCH_S}&to=${now()}&metrics=cost.lost_usd_per_hour,ladder.sm_active,ladder.sol`, 900],
  ["plan", "#/plan", 1180],
  ["compare", "#/compare?chips=h100-sxm5-80gb,b200-hgx,mi350x", 1180],
];

const now = () => Math.floor(Date.now() / 1000);

const browser = await launch();
const { url, stop } = await serve(assay);
mkdirSync(folder, { recursive: true });
console.log(`the daemon runs for ${WATCH_S} s first`);
await new Promise((resolve) => setTimeout(resolve, WATCH_S * 1000));

// Playwright writes PNG and JPEG; Chromium itself can make WebP, a third of the size.
async function webp(page, png) {
  const data = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext("2d").drawImage(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.86 });
    return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(""));
  }, png.toString("base64"));
  return Buffer.from(data, "base64");
}

const blank = await (await browser.newContext()).newPage();
let total = 0;
async function take(name, route, theme, width, height) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  await page.goto(url + (typeof route === "function" ? route() : route));
  await page.waitForTimeout(3500);
  const bytes = await webp(blank, await page.screenshot());
  writeFileSync(join(folder, `${name}-${theme}.webp`), bytes);
  total += bytes.length;
  await context.close();
}

for (const theme of ["dark", "light"]) {
  for (const [name, route, height] of PAGES) await take(name, route, theme, 1440, height);
  await take("phone", "#/", theme, 390, 844);
}
await browser.close();
await stop();
console.log(`${folder}: ${(total / 1e6).toFixed(2)} MB in all`);
