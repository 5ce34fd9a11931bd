// SPDX-License-Identifier: Apache-2.0
// Starts `assay serve --sim fleet-8` on a free port with a store of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Resolves to {url, stop}; the daemon's first line on stdout is its address.
export async function serve(assay, ...more) {
  const home = mkdtempSync(join(tmpdir(), "assay-web-"));
  const child = spawn(assay, ["serve", "--sim", "fleet-8", "--listen", "127.0.0.1:0", "--store", join(home, "store"), ...more], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, XDG_RUNTIME_DIR: home },
  });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const url = await new Promise((resolve, reject) => {
    let out = "";
    child.stdout.on("data", (text) => {
      out += text;
      const line = /^https?:\/\/\S+/m.exec(out);
      if (line && out.includes("\n")) resolve(line[0]);
    });
    child.on("exit", (code) => reject(new Error(`assay serve ended with ${code}: ${said}${out}`)));
  });
  const stop = async () => {
    child.removeAllListeners("exit");
    const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? signal)));
    child.kill("SIGTERM");
    const code = await ended;
    rmSync(home, { recursive: true, force: true });
    return code;
  };
  return { url, stop };
}
