// SPDX-License-Identifier: Apache-2.0
// web_browser_test: the page in Debian's Chromium against `assay serve --sim fleet-8`.
// Usage: node page_test.mjs ASSAY      Exit: 0 all well, 1 not, 77 no browser here.
import assert from "node:assert/strict";
import { launch } from "./chromium.mjs";
import { check, json, same_figure, seen, snapshots } from "./check.mjs";
import { serve } from "./serve.mjs";

const browser = await launch();
const { url, stop } = await serve(process.argv[2]);
const stream = snapshots(url);
const PAGES = ["#/", "#/device/0", "#/history", "#/plan", "#/compare"];
const HEADINGS = { "#/": "Live", "#/device/0": "GPU 0", "#/history": "History", "#/plan": "What serves", "#/compare": "Chips side by side" };
const trouble = [];

async function fresh(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") trouble.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) trouble.push(`asks another server: ${request.url()}`);
  });
  return page;
}

async function open(page, route) {
  await page.goto(url + route);
  await page.locator("h1", { hasText: HEADINGS[route] ?? "" }).first().waitFor({ state: "attached" });
}

// Holds the picture still, and gives the window that it shows.
async function still(page) {
  await page.getByRole("button", { name: "Pause" }).click();
  const at = await page.locator("header time").getAttribute("datetime");
  for (let i = 0; i < 100 && !stream.by_time.has(at); ++i) await page.waitForTimeout(50);
  const snapshot = stream.by_time.get(at) ?? (await json(url, "api/v1/snapshot"));
  assert.equal(snapshot.at, at, "the window on the page is none that the daemon sent");
  return snapshot;
}

await check("headers: a policy without inline script or style", async () => {
  const policy = (await fetch(url)).headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
});

await check("live: each row's figures are the API's, most money lost first", async () => {
  const page = await fresh();
  await open(page, "#/");
  await page.locator("tbody tr[data-uuid]").nth(7).waitFor();
  await page.waitForFunction(() => document.querySelectorAll("header time").length > 0);
  await page.waitForTimeout(1500);
  const snapshot = await still(page);
  const rows = await page.locator("tbody tr[data-uuid]").evaluateAll((all) =>
    all.map((row) => ({ uuid: row.dataset.uuid, cells: [...row.querySelectorAll("td[data-name]")].map((cell) => cell.firstElementChild?.textContent ?? cell.textContent), why: row.querySelector(".why").textContent })),
  );
  assert.equal(rows.length, snapshot.devices.length);
  for (const { uuid, cells, why } of rows) {
    const device = snapshot.devices.find((one) => one.uuid === uuid);
    const expected = [device.gpu_util.value, device.readings.sm_active.value, device.ladder.sol.value, device.cost.lost_usd_per_hour];
    expected.forEach((value, i) => same_figure(cells[i], value, `GPU ${device.index}, column ${i}`));
    assert.ok(why.toLowerCase().includes(device.findings[0].cause.replace("dram", "memory").split("-")[0].replace("wrong", "on the wrong")), `${why} for ${device.findings[0].cause}`);
  }
  assert.ok(snapshot.devices.some((one) => one.ladder.sm_active.value > one.readings.sm_active.value + 0.1), "no rung is raised here: the check above can't fail");
  same_figure(await page.locator(".sms .value").textContent(), snapshot.devices.reduce((sum, one) => sum + one.readings.sm_active.value, 0) / snapshot.devices.length, "mean of the SMs with work");
  const begun = Date.parse([...stream.by_time.keys()].sort()[0]) / 1000;
  const since = Date.parse((await page.locator("#lost-so-far + dd span").getAttribute("title")).replace(" UTC", "Z").replace(" ", "T")) / 1000;
  assert.ok(since > begun - 3, `money since ${since}, but the first window came at ${begun}`);
  const lost = rows.map((row) => snapshot.devices.find((one) => one.uuid === row.uuid).cost.lost_usd_per_hour);
  for (let i = 1; i < lost.length; ++i) assert.ok(lost[i - 1] >= lost[i] - 0.1, `${lost}`);
  same_figure(await page.locator("#lost-now").textContent(), lost.reduce((a, b) => a + b), "lost now");
  await page.context().close();
});

await check("device: ladder, cause with its page, and every metric are the API's", async () => {
  const page = await fresh();
  await open(page, "#/device/2");
  await page.locator("tr[data-metric]").first().waitFor();
  const snapshot = await still(page);
  const device = snapshot.devices[2];
  const rungs = await page.locator("section[aria-labelledby=ladder] td.share").evaluateAll((cells) => cells.map((cell) => cell.firstElementChild.textContent));
  ["held", "busy", "sm_active", "sol", "useful"].forEach((rung, i) => same_figure(rungs[i], device.ladder[rung].value, rung));
  same_figure(await page.locator(".sms .value").textContent(), device.readings.sm_active.value, "SMs with work");
  await page.locator("section[aria-labelledby=readings] details summary").evaluateAll((all) => all.forEach((one) => one.click()));
  const shown = new Map(await page.locator("tr[data-metric]").evaluateAll((rows) => rows.map((row) => [row.dataset.metric, { value: row.querySelector("td.number .figure").textContent, route: row.querySelector("td.route").textContent }])));
  assert.deepEqual([...shown.keys()].sort(), Object.keys(device.readings).sort());
  for (const [metric, reading] of Object.entries(device.readings)) {
    same_figure(shown.get(metric).value, reading.value, metric);
    assert.ok(shown.get(metric).route.startsWith(`${reading.state}, ${reading.source}`), `${metric}: ${shown.get(metric).route}`);
  }
  const high = snapshot.devices.find((one) => one.ladder.sm_active.value > one.readings.sm_active.value + 0.1);
  await page.locator("article summary", { hasText: "More on this cause" }).first().click();
  await page.locator("article details h4", { hasText: "Seen by" }).first().waitFor();
  await page.goto(`${url}#/device/${high.index}`);
  await page.locator("h1", { hasText: `GPU ${high.index}` }).waitFor();
  assert.match(await page.locator("section[aria-labelledby=ladder] tbody tr").nth(2).textContent(), /raised to the speed of light/);
  same_figure(await page.locator(".sms .value").textContent(), high.readings.sm_active.value, "SMs with work where the rung is raised");
  await page.context().close();
});

await check("plan: the first row is the API's cheapest, with roofline and frontier", async () => {
  const page = await fresh();
  await page.goto(`${url}#/plan?model=llama-3.1-8b&in=1024&out=256&rate=5&ttft_ms=1000&tpot_ms=50&engine=vllm&chips=h100-sxm5-80gb,l40s,a100-sxm4-80gb`);
  const rows = page.locator("section[aria-labelledby=ranked] tbody tr");
  await rows.first().waitFor();
  const plan = await json(url, "api/v1/plan?model=llama-3.1-8b&in=1024&out=256&rate=5&ttft_ms=1000&tpot_ms=50&engine=vllm&chips=h100-sxm5-80gb,l40s,a100-sxm4-80gb");
  const best = plan.configurations[0];
  const cells = await rows.first().locator("td").evaluateAll((all) => all.map((cell) => (cell.querySelector("strong") ?? cell).textContent));
  [[1, best.usd_per_mtok], [2, best.ttft_ms.p95 / 1000], [3, best.tpot_ms.p95 / 1000], [5, best.usd_per_hour]].forEach(([at, value]) => same_figure(cells[at], value, `column ${at}`));
  await page.locator("section[aria-labelledby=roofline] svg[role=img]").waitFor();
  const label = await page.locator("section[aria-labelledby=roofline] svg[role=img]").getAttribute("aria-label");
  assert.match(label, /decode, batch/);
  assert.ok((await page.locator("circle.front").count()) >= 1);
  await page.getByLabel("Chip of the roofline").selectOption("h100-sxm5-80gb");
  await page.locator("path.live").first().waitFor(); // the live devices of that kind lie on it
  await page.locator("#tpot_ms").fill("0.01");
  await page.getByRole("button", { name: "Plan", exact: true }).click();
  await page.getByText("keeps these limits").waitFor();
  assert.match(await page.locator("section[aria-label='No answer'] li").first().textContent(), /^Each further token, p95: you asked for 10\.0 µs; the best is [\d.]+ m?s/);
  await page.context().close();
});

await check("compare: figures and claims are the API's", async () => {
  const page = await fresh();
  await open(page, "#/compare");
  await page.locator("section[aria-labelledby=figures] tbody tr").first().waitFor();
  const answer = await json(url, "api/v1/compare?chips=h100-sxm5-80gb,b200-hgx");
  const rows = await page.locator("section[aria-labelledby=figures] tbody tr:has(td)").evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td .value")].map((cell) => cell.textContent)));
  assert.equal(rows.length, answer.figures.length);
  answer.figures.filter((figure) => /second|bytes$|watts|usd/.test(figure.unit) && !/per_(usd|joule)/.test(figure.unit)).forEach((figure) => {
    const row = rows[answer.figures.indexOf(figure)];
    figure.cells.forEach((cell, i) => same_figure(row[i], cell.value, `${figure.id} of ${answer.chips[i].id}`));
  });
  const claims = (await json(url, "api/v1/claims")).claims;
  await page.locator("article blockquote").nth(claims.length - 1).waitFor({ state: "attached" });
  assert.equal(await page.locator("article blockquote").count(), claims.length);
  const shown = await page.locator("section[aria-labelledby=claims] > .cards blockquote").allTextContents();
  assert.deepEqual(shown.sort(), answer.claims.map((claim) => claim.statement).sort());
  await page.context().close();
});

await check("history: the table is the API's series; keys, drag and wheel zoom and ask again", async () => {
  const page = await fresh();
  for (let i = 0; i < 600 && stream.by_time.size < 18; ++i) await page.waitForTimeout(50);
  const to = Date.parse([...stream.by_time.keys()].sort().at(-1)) / 1000;
  const asked = [];
  page.on("request", (request) => request.url().includes("/series?") && asked.push(new URL(request.url())));
  await page.goto(`${url}#/history?from=${to - 16}&to=${to}&metrics=power,ladder.sm_active`);
  await page.locator("article[aria-label=power] canvas").waitFor();
  await page.locator("summary", { hasText: "The same as a table" }).click();
  const span = (one) => Number(one.searchParams.get("to")) - Number(one.searchParams.get("from"));
  const mine = () => asked.filter((one) => one.searchParams.get("metric").includes("power"));
  const answer = await json(url, mine().at(-1).href);
  const rows = await page.locator("section[aria-label=Table] tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  for (const one of answer.series) {
    const row = rows.find(([metric, device]) => metric === one.metric && device === `GPU ${one.device}`);
    const windows = one.count.reduce((a, b) => a + b, 0);
    const mean = one.mean.reduce((sum, value, i) => sum + (value ?? 0) * one.count[i], 0) / windows;
    same_figure(row[3], mean, `mean ${one.metric} of GPU ${one.device}`);
    same_figure(row[4], Math.max(...one.max.filter((v) => v !== null)), `most ${one.metric} of GPU ${one.device}`);
  }
  const before = span(mine().at(-1));
  const zooms = async (act, what) => {
    // An answer that comes late can make the page ask once more: that is not what `act` does.
    let count = -1;
    while (count !== mine().length) {
      count = mine().length;
      await page.waitForTimeout(400);
    }
    await act();
    for (let i = 0; i < 100 && mine().length === count; ++i) await page.waitForTimeout(50);
    assert.ok(mine().length > count, `${what} asked nothing`);
    return span(mine().at(-1));
  };
  await page.getByRole("group", { name: "Charts" }).focus();
  const by_key = await zooms(() => page.keyboard.press("+"), "+");
  assert.ok(Math.abs(by_key - before / 2) < 1, `+ : ${before} to ${by_key}`);
  const box = await page.locator("article[aria-label=power] canvas").boundingBox();
  await zooms(() => page.keyboard.press("-"), "-");
  const by_drag = await zooms(async () => {
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 50, { steps: 4 });
    await page.mouse.up();
  }, "drag");
  assert.ok(by_drag < before * 0.6, `drag: ${before} to ${by_drag}`);
  const by_wheel = await zooms(() => page.mouse.wheel(0, 240), "wheel");
  assert.ok(by_wheel > by_drag * 1.2, `wheel: ${by_drag} to ${by_wheel}`);
  await page.context().close();
});

await check("keyboard: skip link, pages, a device, the theme", async () => {
  const page = await fresh({ colorScheme: "light" });
  await open(page, "#/");
  await page.locator("tbody tr[data-uuid]").first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const focus = async (test, most) => {
    for (let i = 0; i < most; ++i) {
      await page.keyboard.press("Tab");
      const now = await page.evaluate(() => ({ text: document.activeElement.textContent.trim(), href: document.activeElement.getAttribute("href") ?? "", outline: getComputedStyle(document.activeElement).outlineStyle }));
      if (test(now)) return now;
    }
    throw new Error("Tab never came there");
  };
  const link = await focus((now) => now.href.startsWith("#/device/"), 12);
  assert.notEqual(link.outline, "none", "the focus can't be seen");
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "GPU" }).waitFor();
  await page.waitForFunction(() => document.activeElement.id === "main");
  await page.keyboard.press("Shift+Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Switch to dark/);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.context().close();
});

await check("every page: one heading, named controls, the banner; no scroll to the side at 360 px", async () => {
  const page = await fresh({ viewport: { width: 360, height: 740 }, isMobile: false });
  for (const route of PAGES) {
    await open(page, route);
    await page.locator("aside", { hasText: "Simulated" }).waitFor();
    await page.waitForTimeout(700);
    const found = await page.evaluate(() => {
      const name = (e) => e.getAttribute("aria-label") ?? (e.labels?.[0]?.textContent || e.textContent || e.title || "").trim();
      return {
        width: document.documentElement.scrollWidth,
        h1: document.querySelectorAll("h1").length,
        main: document.querySelectorAll("main").length,
        nameless: [...document.querySelectorAll("button, a, input, select, [role=img], [role=slider]")].filter((e) => !name(e)).map((e) => e.outerHTML.slice(0, 90)),
        orphans: [...document.querySelectorAll("[aria-labelledby]")].filter((e) => !document.getElementById(e.getAttribute("aria-labelledby"))).map((e) => e.outerHTML.slice(0, 90)),
      };
    });
    assert.ok(found.width <= 360, `${route} is ${found.width} px wide`);
    assert.deepEqual([found.h1, found.main, found.nameless, found.orphans], [1, 1, [], []], route);
  }
  await page.context().close();
});

// A window that the simulator would take long to make: 64 devices, one lost, one with a name that means harm.
function crowd(snapshot) {
  const unknown = (reading) => ({ ...reading, value: null, state: "unknown", source: "none", reason: "device-lost" });
  const devices = Array.from({ length: 64 }, (_, i) => ({ ...structuredClone(snapshot.devices[i % 8]), index: i, uuid: `GPU-${i}` }));
  const [lost, hostile] = devices;
  lost.presence = "lost";
  lost.trouble = "the device fell off the bus";
  lost.gpu_util = unknown(lost.gpu_util);
  for (const rung of Object.keys(lost.ladder)) lost.ladder[rung] = { ...lost.ladder[rung], ...unknown(lost.ladder[rung]) };
  lost.readings = { sm_active: unknown(lost.readings.sm_active) };
  lost.losses = { ...Object.fromEntries(Object.keys(lost.losses).map((part) => [part, null])), unattributed: 1 };
  lost.cost = { ...lost.cost, lost_usd_per_hour: null, lost_usd_per_hour_at_least: 0 };
  lost.findings = [];
  hostile.name = "<img src=x onerror=document.title='owned'>";
  hostile.processes = [{ ...hostile.processes[0], name: "<script>document.title='owned'</script>" }];
  const reading = (value, state = "measured") => ({ value, state, source: "computed", window_s: 1, reason: value === null ? "first-sample" : null });
  const engine = {
    url: "http://127.0.0.1:8000", engine: "vllm", models: ["llama-3.1-8b"], trouble: null, window_s: 1, devices: [2, 3], generation_tokens_per_second: reading(6700), prompt_tokens_per_second: reading(null, "unknown"),
    first_token_s: reading(0.214), next_token_s: reading(0.0098, "estimated"), running: reading(64), waiting: reading(0), kv_usage: reading(0.43), batch: reading(64), context: reading(1024),
    usd_per_million_tokens: reading(0.207), joules_per_token: reading(0.0612), no_useful_rung_because: null,
  };
  return { ...snapshot, devices, engine };
}

await check("64 devices: unknown is a dash on a hatch, lost comes first and is said, names stay text", async () => {
  const page = await fresh({ viewport: { width: 1024, height: 800 } });
  const snapshot = crowd([...stream.by_time.values()].at(-1));
  await page.route("**/api/v1/events", (route) => route.fulfill({ contentType: "text/event-stream", body: `event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n` }));
  await open(page, "#/");
  const rows = page.locator("tbody tr[data-uuid]");
  await rows.nth(63).waitFor();
  assert.equal(await rows.first().getAttribute("data-uuid"), "GPU-0");
  assert.match(await rows.first().textContent(), /Device lost.*fell off the bus/);
  const figures = await rows.first().locator("td .figure").evaluateAll((all) => all.map((one) => [one.textContent, one.classList.contains("hatch")]));
  assert.deepEqual(figures, [["–", true], ["–", true], ["–", true]]);
  assert.equal(await rows.first().locator("td[data-name='Lost now']").textContent(), "–");
  assert.match(await page.locator("#lost-now").textContent(), /^≥ /);
  const names = await page.locator("tr[data-uuid='GPU-1'] th").textContent();
  assert.ok(names.includes("<img src=x") && names.includes("<script>"), names);
  assert.match(await page.title(), /assay$/);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 1024);
  const told = await page.locator("section[aria-labelledby=engine] dd .figure").allTextContents();
  [0.207, 0.0612, 6700, null, 0.214, 0.0098, 64, 0, 0.43].forEach((value, i) => same_figure(told[i], value, `engine ${i}`));
  await page.getByLabel("Filter devices").fill("spinning");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr[data-uuid]").length === 8);
  await page.context().close();
});

await check("the daemon gone: the page says that it is old", async () => {
  const page = await fresh();
  await open(page, "#/");
  await page.locator("tbody tr[data-uuid]").first().waitFor();
  const quiet = trouble.length;
  await stream.stop();
  assert.equal(await stop(), 0, "assay serve did not end well");
  await page.locator("header .status", { hasText: /offline|stale/ }).waitFor({ timeout: 20000 });
  await page.getByText("hat you see is of").waitFor({ timeout: 20000 });
  await page.getByText("still running? What you see is of").waitFor({ timeout: 20000 });
  assert.match(await page.locator("#lost-now").locator("xpath=../dt").textContent(), /last/);
  assert.equal(await page.locator(".says .tag", { hasText: "stale" }).count(), 1);
  assert.match(await page.locator(".axis .end").first().textContent(), /^\d\d:\d\d:\d\d$/);
  for (const route of ["history", "compare", "plan"]) {
    await page.evaluate((to) => (location.hash = `#/${to}`), route);
    await page.waitForTimeout(800);
    assert.equal(await page.locator("[role=alert]").count(), 1, `${route} says it more than once`);
    assert.equal(await page.getByText("Waiting for the daemon").count(), 0, route);
  }
  trouble.length = quiet; // the browser itself complains of the refused connection
  await page.context().close();
});

await check("no error, no warning, no foreign request on any page", () => assert.deepEqual(trouble, []));
await browser.close();
console.log(`${seen.checks - seen.failures.length} of ${seen.checks} checks passed`);
process.exit(seen.failures.length === 0 ? 0 : 1);
