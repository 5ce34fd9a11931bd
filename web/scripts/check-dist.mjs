// SPDX-License-Identifier: Apache-2.0
// web_dist_test: the built page in web/dist is what the sources make, and no bigger than it may be.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const MOST_BYTES = 60 * 1024;
const faults = [];

const lock = readFileSync("package-lock.json", "utf8");
if (/"resolved": "http/.test(lock)) faults.push("package-lock.json names a registry: npm config omit-lockfile-registry-resolved=true, as .npmrc has it");

const fresh = mkdtempSync(join(tmpdir(), "assay-web-dist-"));
execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--outDir", fresh, "--emptyOutDir", "--logLevel", "error"], { stdio: "inherit" });
const names = [...new Set([...readdirSync(fresh), ...readdirSync("dist")])].sort();
const bytes_of = (folder, name) => (readdirSync(folder).includes(name) ? readFileSync(join(folder, name)) : null);
let total = 0;
for (const name of names) {
  const [built, kept] = [bytes_of(fresh, name), bytes_of("dist", name)];
  if (!built || !kept || !built.equals(kept)) faults.push(`dist/${name} is not what the sources make: make web, and commit it`);
  if (!built) continue;
  const zipped = gzipSync(built, { level: 9 }).length;
  total += zipped;
  console.log(`${name.padEnd(12)} ${String(built.length).padStart(7)} bytes, gzipped ${String(zipped).padStart(6)}`);
}
rmSync(fresh, { recursive: true });
console.log(`in all gzipped ${total} of at most ${MOST_BYTES} bytes`);
if (total > MOST_BYTES) faults.push(`the page is ${total - MOST_BYTES} bytes too big`);

execFileSync(process.execPath, ["node_modules/svelte-check/bin/svelte-check", "--tsconfig", "./tsconfig.json", "--fail-on-warnings", "--output", "human"], { stdio: "inherit" });
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
